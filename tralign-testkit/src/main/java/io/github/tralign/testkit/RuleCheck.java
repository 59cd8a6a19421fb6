package io.github.tralign.testkit;

import static java.util.Objects.requireNonNull;

import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.tabular.TabularPolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingException;
import io.github.tralign.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Checks that a reference rule has the properties that every rule must have, on a short run of a
 * small policy.
 *
 * <pre>{@code
 * RuleCheck.check(new MyRule(0.1));
 * }</pre>
 */
public final class RuleCheck {

  private static final int VOCABULARY = 5;
  private static final int PAIRS = 7;
  private static final int STEPS = 40;

  private RuleCheck() {}

  /**
   * Checks that weights are in [0, 1], that the rule has no state apart from {@code memoryAfter},
   * and that the copies promised by {@code nextCopyAfter} happen.
   *
   * @throws AssertionError if a check fails
   */
  public static void check(ReferencePolicy rule) {
    requireNonNull(rule, "rule");
    List<Double> weights = run(rule);
    List<Double> again = run(rule);
    if (!weights.equals(again)) {
      throw failure(
          rule, difference(weights, again) + "; a rule must keep its state in memoryAfter");
    }
    if (rule.nextCopyAfter(0, PAIRS).isPresent()) {
      checkPromises(rule, weights);
    }
  }

  private static String difference(List<Double> weights, List<Double> again) {
    int step = 0;
    while (weights.get(step).equals(again.get(step))) {
      step++;
    }
    return "the same run gives the weight "
        + weights.get(step)
        + " after step "
        + (step + 1)
        + ", and then "
        + again.get(step);
  }

  private static List<Double> run(ReferencePolicy rule) {
    try (TabularPolicy policy = TabularPolicy.random(VOCABULARY, 1)) {
      TrainingResult result =
          Trainer.builder()
              .policy(policy)
              .data(pairs())
              .batchSize(1)
              .maxSteps(STEPS)
              .loss(TR.dpo(0.5))
              .learningRate(0.05)
              .reference(rule)
              .build()
              .train();
      return result.metrics().stream().map(RuleCheck::weight).toList();
    } catch (TrainingException e) {
      AssertionError failure = failure(rule, String.valueOf(e.getMessage()));
      failure.initCause(e);
      throw failure;
    }
  }

  private static double weight(StepMetrics metrics) {
    return metrics.get("reference/weight");
  }

  private static List<Example> pairs() {
    List<Example> pairs = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      int chosen = (i + 1) % VOCABULARY;
      int rejected = (i + 2) % VOCABULARY;
      pairs.add(
          Example.pair(new int[] {i % VOCABULARY}, new int[] {chosen}, new int[] {rejected, 0}));
    }
    return pairs;
  }

  private static void checkPromises(ReferencePolicy rule, List<Double> weights) {
    for (int done = 0; done < STEPS; done++) {
      OptionalLong next = rule.nextCopyAfter(done, PAIRS);
      if (next.isEmpty() || next.getAsLong() <= done) {
        throw failure(
            rule,
            "after "
                + done
                + " steps it promises "
                + next
                + "; it must promise a later step, as it"
                + " did before the first step");
      }
      double promised = next.getAsLong() == done + 1 ? 1 : 0;
      if (weights.get(done) != promised) {
        throw failure(
            rule,
            "after step "
                + (done + 1)
                + " the weight is "
                + weights.get(done)
                + "; it promised "
                + promised);
      }
    }
  }

  private static AssertionError failure(ReferencePolicy rule, String message) {
    return new AssertionError("the reference rule " + rule + ": " + message);
  }
}
