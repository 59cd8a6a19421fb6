package io.github.tralign.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.recurrent.RecurrentPolicy;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Schedule;
import io.github.tralign.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * A rule that holds a budget of KL from the start, in the world of the experiment: what {@code
 * docs/experiments/frontier.md} says of it. It takes minutes, so it runs only by its name: {@code
 * -Dtest=BudgetStudy}. Its table is {@code target/budget.csv}.
 */
class BudgetStudy {

  private static final WorldSize SIZE = WorldSize.ofDefaults();
  private static final Regime REGIME = Regime.DECAYED;
  private static final double WARMUP = 0.1;
  private static final int EVERY = 8; // steps from one measurement to the next
  private static final int PROMPTS = 64; // of a measurement

  private static final double[] BUDGETS = {4, 8, 12, 2};
  private static final double[] BETAS = {0.3, 1, 0.1};
  private static final int SEEDS = 3;

  /**
   * Every 8 steps the policy is copied if its KL from the start is below the budget's share of the
   * learning rates so far; else the reference stays and holds the policy.
   */
  private record Budget(double budget, RecurrentPolicy policy, SeedWorld world)
      implements ReferencePolicy {

    @Override
    public double weightAfter(StepMetrics metrics) {
      long step = metrics.step();
      return step % EVERY == 0 && divergence() < budget * shareOfLearning(step) ? 1 : 0;
    }

    private double divergence() {
      Sampler.Completed completed =
          Sampler.complete(
              policy,
              world.start(),
              Arrays.copyOf(world.prompts(), PROMPTS),
              Arrays.copyOf(world.uniforms(), PROMPTS));
      return Arrays.stream(completed.divergences()).average().orElseThrow();
    }
  }

  private static double shareOfLearning(long step) {
    int warmup = (int) Math.ceil(WARMUP * SIZE.steps());
    double sofar = 0;
    double all = 0;
    for (int s = 0; s < SIZE.steps(); s++) {
      double rate = Schedule.linear().factorAt(s, warmup, SIZE.steps());
      all += rate;
      sofar += s < step ? rate : 0;
    }
    return sofar / all;
  }

  @Test
  void runs_end_near_their_budget() throws IOException {
    List<String> rows = new ArrayList<>();
    rows.add("budget,beta,seed,kl,gold,gold_se,permitted,kl_from_pairs");
    List<Double> ratios = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      SeedWorld world = new SeedWorld(seed, SIZE);
      for (double beta : BETAS) {
        for (double budget : BUDGETS) {
          RecurrentPolicy policy = trained(world, budget, beta, seed);
          List<Object> measured = new RunMeasurement(world, REGIME).of(policy);
          double kl = (Double) measured.get(0);
          ratios.add(kl / budget);
          rows.add(
              String.format(
                  Locale.ROOT,
                  "%s,%s,%d,%.9g,%.9g,%.9g,%.9g,%.9g",
                  budget,
                  beta,
                  seed,
                  kl,
                  (Double) measured.get(1),
                  (Double) measured.get(2),
                  (Double) measured.get(4),
                  fromPairs(world, policy)));
        }
      }
    }
    Files.write(Path.of("target/budget.csv"), rows);
    assertThat(ratios.stream().mapToDouble(it -> it).average().orElseThrow())
        .isCloseTo(1, within(0.25));
  }

  private static RecurrentPolicy trained(SeedWorld world, double budget, double beta, long seed) {
    RecurrentPolicy policy = world.start().copy();
    Trainer.builder()
        .policy(policy)
        .data(world.pairs(REGIME))
        .loss(FrontierLoss.DPO.withBeta(beta))
        .reference(new Budget(budget, policy, world))
        .optimizer(REGIME.optimizer())
        .learningRate(REGIME.learningRate(beta))
        .schedule(REGIME.schedule())
        .warmupRatio(WARMUP)
        .maxGradNorm(Double.POSITIVE_INFINITY)
        .batchSize(WorldSize.BATCH)
        .maxSteps(SIZE.steps())
        .seed(seed)
        .probeEvery(0)
        .build()
        .train();
    return policy;
  }

  /**
   * KL without sampling, from completions of the start: the mean of {@code r log r} with the ratio
   * r of the policy to the start.
   */
  private static double fromPairs(SeedWorld world, RecurrentPolicy policy) {
    PreferenceBatch pairs = new PreferenceBatch(world.heldOut(REGIME));
    TokenLogProbs now = policy.score(pairs);
    TokenLogProbs before = world.start().score(pairs);
    double sum = 0;
    for (int i = 0; i < pairs.size(); i++) {
      for (int j = 0; j < 2; j++) {
        double logRatio = now.sum(i, j) - before.sum(i, j);
        sum += Math.exp(logRatio) * logRatio;
      }
    }
    return sum / (2 * pairs.size());
  }
}
