package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final String[] ALWAYS = {
    "epoch",
    "loss",
    "grad_norm",
    "learning_rate",
    "num_tokens",
    "logps/chosen",
    "logps/rejected",
    "rewards/chosen",
    "rewards/rejected",
    "rewards/margins",
    "rewards/accuracies",
    "logratios/reference",
    "diagnostics/gradient_weight",
    "diagnostics/clip_factor",
    "diagnostics/padding",
    "diagnostics/sharing",
    "reference/weight",
    "pairs_per_second"
  };
  private static final String[] INITIAL = {
    "initial/rewards/chosen",
    "initial/rewards/rejected",
    "initial/rewards/margins",
    "initial/rewards/accuracies",
    "initial/logratios",
    "initial/flips/to_chosen",
    "initial/flips/to_rejected",
    "reference/weight_distance"
  };

  @Test
  void they_have_the_names_of_the_ecosystem() {
    TrainingResult run = moving(Toy.policy()).probeEvery(3).build().train();
    for (StepMetrics metrics : run.metrics()) {
      boolean probed = metrics.step() % 3 == 0 || metrics.step() == 8;
      assertThat(metrics.values().keySet())
          .as("step %d", metrics.step())
          .contains(ALWAYS)
          .hasSize(ALWAYS.length + (probed ? INITIAL.length : 0));
      if (probed) {
        assertThat(metrics.values().keySet()).contains(INITIAL);
      }
      assertThat(metrics.get("pairs_per_second")).isPositive();
    }
  }

  @Test
  void a_loss_without_a_reference_has_nothing_against_one() {
    Example shown = Example.demonstration(new int[] {0}, new int[] {1, 2, 3});
    TrainingResult run =
        Toy.trainer(Toy.policy(), 1).loss(TR.sft()).data(List.of(shown)).build().train();
    assertThat(run.last().values().keySet())
        .containsExactly(
            "epoch",
            "loss",
            "grad_norm",
            "learning_rate",
            "num_tokens",
            "logps/completion",
            "diagnostics/gradient_weight",
            "diagnostics/clip_factor",
            "diagnostics/padding",
            "diagnostics/sharing",
            "reference/weight",
            "pairs_per_second");
  }

  /** β σ(−βh), the mean over the pairs whatever the slices, and what clipping does with it. */
  @Test
  void the_gradients_weight_and_clipping_are_reported() {
    for (int tokens : new int[] {20, 4096}) {
      TrainingResult run =
          Toy.trainer(Toy.policy(), 5)
              .batchSize(5)
              .shuffle(false)
              .epochs(2)
              .microBatchTokens(tokens)
              .maxGradNorm(0.01)
              .build()
              .train();
      StepMetrics first = run.metrics().get(0);
      assertThat(first.get("diagnostics/gradient_weight")).isCloseTo(0.15, within(1e-12));
      StepMetrics second = run.last();
      assertThat(second.get("diagnostics/gradient_weight")).isBetween(0.1, 0.15 - 1e-6);
      assertThat(second.get("diagnostics/clip_factor"))
          .isCloseTo(0.01 / (second.gradNorm() + 1e-6), within(1e-12));
    }
  }

  @Test
  void flips_are_shares_of_pairs_whose_order_has_turned() {
    TabularPolicy policy = Toy.policy();
    List<Example> pairs = Toy.pairs(30);
    TokenLogProbs start = score(policy, pairs);
    TrainingResult run =
        moving(policy).data(pairs).probe(pairs).epochs(4).probeEvery(1).build().train();
    TokenLogProbs end = score(policy, pairs);
    double toChosen = 0;
    double toRejected = 0;
    for (int i = 0; i < 30; i++) {
      boolean before = start.sum(i, 0) > start.sum(i, 1);
      boolean after = end.sum(i, 0) > end.sum(i, 1);
      toChosen += !before && after ? 1 : 0;
      toRejected += before && !after ? 1 : 0;
    }
    assertThat(toChosen).isPositive();
    assertThat(run.last().get("initial/flips/to_chosen")).isCloseTo(toChosen / 30, within(1e-12));
    assertThat(run.last().get("initial/flips/to_rejected"))
        .isCloseTo(toRejected / 30, within(1e-12));
  }

  /** Prompts of 2 and 4 tokens; sequences of 5, 3, 7 and 7 tokens, 22 in all; 16 packed. */
  @Test
  void padding_and_sharing_are_reported_by_the_batch() {
    List<Example> pairs =
        List.of(
            Example.pair(new int[2], new int[3], new int[1]),
            Example.pair(new int[4], new int[3], new int[3]));
    StepMetrics step = Toy.trainer(Toy.policy(), 2).data(pairs).batchSize(2).build().train().last();
    assertThat(step.get("diagnostics/padding")).isCloseTo(1 - 22.0 / 28, within(1e-12));
    assertThat(step.get("diagnostics/sharing")).isCloseTo(1 - 16.0 / 22, within(1e-12));
  }

  /** On a batch of slices of unlike size, where a mean of means would be wrong. */
  @Test
  void they_are_means_over_the_batch_before_the_step() {
    Policy policy = Toy.policy();
    List<Example> pairs = Toy.pairs(5);
    double beta = 0.3;
    List<TokenLogProbs> scores = new ArrayList<>();
    TrainingResult run =
        Toy.trainer(policy, 5)
            .batchSize(5)
            .shuffle(false)
            .epochs(2)
            .microBatchTokens(20)
            .listener(afterStep(metrics -> scores.add(score(policy, pairs))))
            .build()
            .train();
    TokenLogProbs start = score(Toy.policy(), pairs);
    double chosen = 0;
    double rejected = 0;
    double chosenReward = 0;
    double rejectedReward = 0;
    double accuracy = 0;
    double logRatio = 0;
    for (int i = 0; i < 5; i++) {
      double a = scores.get(0).sum(i, 0) - start.sum(i, 0);
      double b = scores.get(0).sum(i, 1) - start.sum(i, 1);
      chosen += scores.get(0).sum(i, 0) / 5;
      rejected += scores.get(0).sum(i, 1) / 5;
      chosenReward += beta * a / 5;
      rejectedReward += beta * b / 5;
      accuracy += a > b ? 0.2 : 0;
      logRatio += (a + b) / start.values().length;
    }
    StepMetrics second = run.last();
    assertThat(second.get("logps/chosen")).isCloseTo(chosen, within(1e-12));
    assertThat(second.get("logps/rejected")).isCloseTo(rejected, within(1e-12));
    assertThat(second.get("rewards/chosen")).isCloseTo(chosenReward, within(1e-12));
    assertThat(second.get("rewards/rejected")).isCloseTo(rejectedReward, within(1e-12));
    assertThat(second.get("rewards/margins"))
        .isCloseTo(chosenReward - rejectedReward, within(1e-12));
    assertThat(second.get("rewards/accuracies")).isCloseTo(accuracy, within(1e-12));
    assertThat(second.get("logratios/reference")).isCloseTo(logRatio, within(1e-12));
  }

  @Test
  void counts_go_on_over_the_whole_run() {
    List<Example> pairs = Toy.pairs(4);
    TrainingResult run =
        Toy.trainer(Toy.policy(), 4).batchSize(3).shuffle(false).epochs(2).build().train();
    double tokens = 0;
    for (int step = 0; step < 4; step++) {
      for (Example pair : step % 2 == 0 ? pairs.subList(0, 3) : pairs.subList(3, 4)) {
        tokens += pair.packedTokens();
      }
      StepMetrics metrics = run.metrics().get(step);
      assertThat(metrics.step()).isEqualTo(step + 1);
      assertThat(metrics.get("num_tokens")).isEqualTo(tokens);
      assertThat(metrics.get("epoch")).isEqualTo((step + 1) / 2.0);
    }
    assertThat(run.tokens()).isEqualTo((long) tokens);
    assertThat(run.examples()).isEqualTo(8);
    assertThat(run.referenceSeconds()).isNotNegative();
    assertThat(run.trainingSeconds()).isPositive();
  }

  @Test
  void with_a_fixed_reference_the_initial_policy_is_the_reference() {
    TrainingResult run = Toy.trainer(Toy.policy(), 8).epochs(2).build().train();
    for (StepMetrics metrics : run.metrics()) {
      for (String name : new String[] {"chosen", "rejected", "margins", "accuracies"}) {
        assertThat(metrics.get("initial/rewards/" + name))
            .isEqualTo(metrics.get("rewards/" + name));
      }
      assertThat(metrics.get("initial/logratios")).isEqualTo(metrics.get("logratios/reference"));
    }
  }

  @Test
  void with_a_moving_one_the_initial_policy_is_probed_after_the_step() {
    for (ReferencePolicy rule : List.of(TR.soft(0.6), TR.hard(2))) {
      Policy policy = Toy.policy();
      List<Example> probe = Toy.pairs(3);
      TokenLogProbs start = score(policy, probe);
      List<Long> probed = new ArrayList<>();
      moving(policy)
          .reference(rule)
          .probe(probe)
          .probeEvery(3)
          .microBatchTokens(1)
          .listener(
              afterStep(
                  metrics -> {
                    if (!metrics.has("initial/logratios")) {
                      return;
                    }
                    probed.add(metrics.step());
                    TokenLogProbs now = score(policy, probe);
                    double chosen = 0;
                    double rejected = 0;
                    double sum = 0;
                    for (int i = 0; i < 3; i++) {
                      double a = now.sum(i, 0) - start.sum(i, 0);
                      double b = now.sum(i, 1) - start.sum(i, 1);
                      chosen += 0.3 * a / 3;
                      rejected += 0.3 * b / 3;
                      sum += a + b;
                    }
                    assertThat(metrics.get("initial/rewards/chosen"))
                        .isCloseTo(chosen, within(1e-12));
                    assertThat(metrics.get("initial/rewards/rejected"))
                        .isCloseTo(rejected, within(1e-12));
                    assertThat(metrics.get("initial/rewards/margins"))
                        .isCloseTo(chosen - rejected, within(1e-12));
                    assertThat(metrics.get("initial/logratios"))
                        .isCloseTo(sum / start.values().length, within(1e-12));
                  }))
          .build()
          .train();
      assertThat(probed).containsExactly(3L, 6L, 8L);
    }
  }

  @Test
  void probing_can_be_switched_off() {
    TrainingResult run = moving(Toy.policy()).probeEvery(0).build().train();
    assertThat(run.metrics()).noneMatch(metrics -> metrics.has("initial/logratios"));
  }

  /** A run of 8 steps with a soft reference. */
  private static TrainerBuilder moving(Policy policy) {
    return Toy.trainer(policy, 8).batchSize(2).epochs(2).reference(TR.soft(0.6));
  }

  private static TokenLogProbs score(Policy policy, List<Example> examples) {
    return policy.score(new PreferenceBatch(ImmutableList.copyOf(examples)));
  }

  private interface StepWatcher {
    void after(StepMetrics metrics);
  }

  private static TrainingListener afterStep(StepWatcher watcher) {
    return new TrainingListener() {
      @Override
      public void onStep(StepMetrics metrics) {
        watcher.after(metrics);
      }
    };
  }
}
