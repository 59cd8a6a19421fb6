package io.github.tralign.policy;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.Completion.Finish;
import io.github.tralign.generate.GenerationRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Completions as numbers, to be exchanged: of each the number of its tokens, why it ended, the
 * tokens, and their log-probabilities.
 */
final class PackedCompletions {

  private final double[] numbers;
  private int next;

  private PackedCompletions(double[] numbers) {
    this.numbers = numbers;
  }

  /**
   * The completions of all requests.
   *
   * @param mine those of this rank's requests
   * @param requests of all ranks, in the order of ranks
   */
  static List<List<Completion>> exchange(
      List<List<Completion>> mine, List<GenerationRequest> requests, ProcessGroup group) {
    double[] packed = pack(mine);
    PackedCompletions all = new PackedCompletions(group.allGather(packed, lengths(packed, group)));
    List<List<Completion>> completions = new ArrayList<>();
    for (GenerationRequest request : requests) {
      List<Completion> ofRequest = new ArrayList<>();
      for (int sample = 0; sample < request.samples(); sample++) {
        ofRequest.add(all.read());
      }
      completions.add(List.copyOf(ofRequest));
    }
    return completions;
  }

  private static int[] lengths(double[] packed, ProcessGroup group) {
    double[] lengths = new double[group.size()];
    lengths[group.rank()] = packed.length;
    return Arrays.stream(group.sum(lengths)).mapToInt(length -> (int) length).toArray();
  }

  private static double[] pack(List<List<Completion>> completions) {
    List<double[]> all = new ArrayList<>();
    for (List<Completion> ofRequest : completions) {
      for (Completion each : ofRequest) {
        all.add(new double[] {each.tokens().length(), each.finish().ordinal()});
        all.add(each.tokens().stream().asDoubleStream().toArray());
        all.add(each.logProbs().toArray());
      }
    }
    return Doubles.concat(all.toArray(double[][]::new));
  }

  private Completion read() {
    int tokens = (int) numbers[next++];
    Finish finish = Finish.values()[(int) numbers[next++]];
    return new Completion(
        ImmutableIntArray.copyOf(Arrays.stream(take(tokens)).mapToInt(id -> (int) id)),
        ImmutableDoubleArray.copyOf(take(tokens)),
        finish);
  }

  private double[] take(int number) {
    double[] taken = Arrays.copyOfRange(numbers, next, next + number);
    next += number;
    return taken;
  }
}
