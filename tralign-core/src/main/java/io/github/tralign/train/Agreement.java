package io.github.tralign.train;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Batch;
import io.github.tralign.data.Example;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.distributed.ProcessGroupException;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Policy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps the processes of one run together: all do the same, or all end with the reason. Nothing
 * else would notice that two machines train on different files. A run of one process has nothing to
 * compare.
 */
final class Agreement {

  private final TrainerSettings settings;
  private final Policy policy;
  private final ProcessGroup group;

  /** An agreement of the processes that train the settings' policy. */
  Agreement(TrainerSettings settings) {
    this.settings = settings;
    this.policy = settings.policy();
    this.group = policy.processGroup();
  }

  /**
   * Leaves the group because of a failure, so that the other processes fail instead of waiting for
   * this one.
   */
  void leave(Throwable failure) {
    if (failure instanceof ProcessGroupException) {
      group.close(); // another process is the one that failed
    } else {
      group.fail(String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** Whether this process writes what the run leaves behind. */
  boolean writes() {
    return group.rank() == 0;
  }

  /** Whether a condition holds on any process, such as that its trainer was asked to stop. */
  boolean any(boolean mine) {
    return group.any(mine);
  }

  /** At the end of a run: nothing has failed on any process, such as the last checkpoint. */
  void awaitAll() {
    group.any(false);
  }

  /**
   * Before a run: all processes have the same settings and weights.
   *
   * @throws InvalidInputException on all processes, naming which one has what
   */
  void requireSameRun(RunSettings described) {
    if (group.size() > 1) {
      String weights = Long.toHexString(hash(policy, policy.weights(), 0));
      ComparedSettings mine = ComparedSettings.of(settings, described, weights);
      ComparedSettings.requireSame(group.gatherTexts(mine.toJson()));
    }
  }

  /**
   * Before a step: the rows of a stream are the same on all processes. Rows in memory are compared
   * with the settings.
   *
   * @throws InvalidInputException on all processes, naming the one that differs
   */
  void requireSameRows(Batch batch) {
    if (group.size() > 1 && settings.data().isStreamed()) {
      differing(hash(batch.examples().examples()))
          .ifPresent(
              ranks -> {
                throw new InvalidInputException(
                    String.format(
                        Locale.ROOT,
                        "step %d has other rows on %s: all processes must read the same files",
                        batch.step(),
                        ranks));
              });
    }
  }

  /** After a step: compares the weights if it is time for that. */
  void afterStep(long step) {
    int every = settings.compareWeightsEvery();
    if (every > 0 && step % every == 0) {
      requireSameWeights(step);
    }
  }

  /**
   * All processes have the same parameters, and the same reference if one is kept.
   *
   * @param step the number of steps done
   * @throws TrainingException on all processes, naming the one that differs
   */
  void requireSameWeights(long step) {
    if (group.size() == 1) {
      return;
    }
    long hash = hash(policy, policy.parameters(), 0);
    if (policy.hasReference()) {
      hash = hash(policy.reference(), policy.reference().parameters(), hash);
    }
    differing(hash)
        .ifPresent(
            ranks -> {
              throw new TrainingException(
                  String.format(
                      Locale.ROOT,
                      "after step %d the weights are others on %s: all processes must compute alike,"
                          + " on processors of the same kind with the same number of threads",
                      step,
                      ranks));
            });
  }

  /** Which rank has another hash, and which one it was compared with; empty if none has. */
  private Optional<String> differing(long hash) {
    return ComparedSettings.exceptions(group.gatherTexts(Long.toHexString(hash)))
        .entrySet()
        .stream()
        .findFirst()
        .map(
            it ->
                String.format(
                    Locale.ROOT,
                    "rank %d of %d than on rank %d",
                    it.getKey(),
                    group.size(),
                    it.getValue()));
  }

  private static long hash(List<Example> rows) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (Example row : rows) {
      put(hasher, row.prompt());
      row.completions().forEach(it -> put(hasher, it));
      hasher.putUnencodedChars(row.judgement().toString());
    }
    return hasher.hash().asLong();
  }

  private static void put(Hasher hasher, ImmutableIntArray tokens) {
    hasher.putInt(tokens.length());
    tokens.forEach(hasher::putInt);
  }

  /** Fast, since it goes over all weights; each single bit matters. */
  private static long hash(LanguageModel model, List<String> names, long start) {
    long[] hash = {start};
    for (String name : names) {
      model.forEachValue(name, value -> hash[0] = 31 * hash[0] + Double.doubleToRawLongBits(value));
    }
    return hash[0];
  }
}
