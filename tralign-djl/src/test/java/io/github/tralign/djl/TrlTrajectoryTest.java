package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numeric")
class TrlTrajectoryTest {

  private static final double LOSS = 2e-5;
  private static final double REWARD = 5e-4;
  private static final double NORM_PERCENT = 0.02;

  @ParameterizedTest
  @CsvSource({"neox,fixed", "neox,soft", "neox,hard", "llama,fixed", "llama,soft", "llama,hard"})
  void each_step_has_the_loss_of_trl(String checkpoint, String reference) {
    JsonNode steps =
        Golden.json("trajectories.json").at("/runs/" + checkpoint + "/" + reference + "/steps");
    List<StepMetrics> ours = train(checkpoint, rule(reference), 4096);
    assertThat(ours).hasSameSizeAs(steps);
    for (int i = 0; i < ours.size(); i++) {
      StepMetrics step = ours.get(i);
      JsonNode expected = steps.get(i);
      assertThat(step.loss())
          .as("loss of step %d", step.step())
          .isCloseTo(expected.path("loss").asDouble(), within(LOSS));
      assertThat(step.gradNorm())
          .as("gradient norm of step %d", step.step())
          .isCloseTo(expected.path("grad_norm").asDouble(), withinPercentage(NORM_PERCENT));
      assertThat(step.get("rewards/margins"))
          .as("margin of step %d", step.step())
          .isCloseTo(expected.path("rewards/margins").asDouble(), within(REWARD));
    }
  }

  @Test
  void micro_batches_of_any_size_give_the_same_trajectory() {
    List<StepMetrics> whole = train("llama", TR.soft(0.6), 4096);
    List<StepMetrics> sliced = train("llama", TR.soft(0.6), 64);
    for (int i = 0; i < whole.size(); i++) {
      assertThat(sliced.get(i).loss()).isCloseTo(whole.get(i).loss(), within(LOSS));
    }
  }

  @Test
  void a_run_repeats_bit_for_bit() {
    List<StepMetrics> first = train("neox", TR.soft(0.6), 128);
    List<StepMetrics> second = train("neox", TR.soft(0.6), 128);
    assertThat(second.stream().map(TrlTrajectoryTest::figures))
        .isEqualTo(first.stream().map(TrlTrajectoryTest::figures).toList());
  }

  @Test
  void a_soft_update_of_one_is_a_hard_update_at_every_step_bit_for_bit() {
    List<StepMetrics> soft = train("neox", TR.soft(1), 4096);
    List<StepMetrics> hard = train("neox", TR.hard(1), 4096);
    assertThat(hard.stream().map(TrlTrajectoryTest::figures))
        .isEqualTo(soft.stream().map(TrlTrajectoryTest::figures).toList());
  }

  private static List<Double> figures(StepMetrics step) {
    return step.values().entrySet().stream()
        .filter(entry -> !entry.getKey().equals("pairs_per_second"))
        .map(java.util.Map.Entry::getValue)
        .toList();
  }

  private static List<StepMetrics> train(String checkpoint, ReferencePolicy rule, int tokens) {
    JsonNode setup = Golden.json("trajectories.json").path("setup");
    return GoldenRun.train(checkpoint, TR.dpo(setup.path("beta").asDouble()), rule, setup, tokens);
  }

  private static ReferencePolicy rule(String name) {
    return switch (name) {
      case "fixed" -> TR.fixed();
      case "soft" -> TR.soft(0.6);
      default -> TR.hard(3);
    };
  }
}
