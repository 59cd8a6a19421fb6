package io.github.tralign.examples;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.tabular.TabularPolicy;
import io.github.tralign.train.Trainer;
import java.util.Locale;

/**
 * Shows where the probability goes when a tabular model learns one pair; requires no checkpoint,
 * data or PyTorch.
 */
public final class TabularToy {

  /** After prompt 0, token 1 is preferred to token 2; the other four tokens are not compared. */
  private static final Example PAIR = Example.pair(new int[] {0}, new int[] {1}, new int[] {2});

  private TabularToy() {}

  /** Prints the probability of the chosen, the rejected and all other tokens after each run. */
  public static void main(String[] args) {
    for (ReferencePolicy rule : ImmutableList.of(TR.fixed(), TR.soft(0.6), TR.hard(8))) {
      double[] left = probabilitiesAfter(rule);
      System.out.printf(
          Locale.ROOT,
          "%-9s chosen %.4f   rejected %.4f   others %.4f%n",
          rule,
          left[0],
          left[1],
          left[2]);
    }
  }

  static double[] probabilitiesAfter(ReferencePolicy rule) {
    TabularPolicy policy = TabularPolicy.random(6, 1);
    Trainer.builder()
        .policy(policy)
        .data(ImmutableList.of(PAIR))
        .loss(TR.dpo(0.5))
        .reference(rule)
        .learningRate(0.05)
        .maxSteps(100)
        .build()
        .train();
    TokenLogProbs logps = policy.score(PreferenceBatch.of(PAIR));
    double chosen = Math.exp(logps.sum(0, 0));
    double rejected = Math.exp(logps.sum(0, 1));
    return new double[] {chosen, rejected, 1 - chosen - rejected};
  }
}
