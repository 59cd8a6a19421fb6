package io.github.tralign.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Prints where greedy completions differ from those that {@code tools/greedy_by_transformers.py}
 * wrote.
 */
final class GreedyAgreement {

  private GreedyAgreement() {}

  /**
   * The program.
   *
   * @param args model folder, file of the tool, maximum number of new tokens
   */
  public static void main(String[] args) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[1]))) {
      rows.add(new ObjectMapper().readTree(line));
    }
    Sampling greedy =
        Sampling.greedy()
            .maxNewTokens(Integer.parseInt(args[2]))
            .endTokens(ImmutableSet.of(rows.get(0).path("ends").get(0).asInt()));
    List<List<Completion>> generated;
    try (DjlModel model = DjlModel.load(Path.of(args[0]))) {
      generated =
          model.generate(
              rows.stream()
                  .map(it -> GenerationRequest.of(ints(it.path("prompt")), greedy))
                  .toList());
    }
    int equal = 0;
    int tokens = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int row = 0; row < rows.size(); row++) {
      int[] expected = ints(rows.get(row).path("tokens"));
      int[] actual = generated.get(row).get(0).tokens().toArray();
      int first = Arrays.mismatch(expected, actual);
      for (int i = 0; i < (first < 0 ? expected.length : first); i++) {
        least = Math.min(least, rows.get(row).path("gaps").get(i).asDouble());
      }
      if (first < 0) {
        equal++;
        tokens += expected.length;
      } else {
        System.out.println(
            "row "
                + row
                + " differs at token "
                + first
                + " of "
                + expected.length
                + ", where the two largest logits differ by "
                + rows.get(row).path("gaps").path(first));
      }
    }
    System.out.println(
        equal
            + " of "
            + rows.size()
            + " completions are equal, with "
            + tokens
            + " tokens; the smallest gap where tokens agree is "
            + least);
  }

  private static int[] ints(JsonNode numbers) {
    return IntStream.range(0, numbers.size()).map(i -> numbers.get(i).asInt()).toArray();
  }
}
