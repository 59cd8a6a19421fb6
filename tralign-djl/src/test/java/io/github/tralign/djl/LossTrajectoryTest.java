package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numeric")
class LossTrajectoryTest {

  private static final double LOSS = 1e-5;
  private static final double NORM_PERCENT = 0.002;
  private static final double LOG_RATIO =
      1e-4; // of a completion: the KL's, and with beta a reward's

  @ParameterizedTest
  @CsvSource({"neox,ipo-mean", "neox,kto", "neox,wpo", "llama,ipo-mean", "llama,kto", "llama,wpo"})
  void each_step_has_the_figures_of_trl(String checkpoint, String loss) {
    JsonNode golden = Golden.json("loss_trajectories.json");
    JsonNode setup = golden.path("setup").path(loss);
    List<StepMetrics> ours =
        GoldenRun.train(checkpoint, loss(loss, setup), rule(setup.path("reference")), setup);
    JsonNode steps = golden.path("runs").path(checkpoint).path(loss).path("steps");
    assertSteps(ours, steps);
    for (int i = 0; i < ours.size(); i++) {
      assertFigures(ours.get(i), steps.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"neox", "llama"})
  void each_step_of_tdpo_is_that_of_the_loss_by_autograd(String checkpoint) {
    JsonNode golden = Golden.json("tdpo_trajectories.json");
    JsonNode setup = golden.path("setup");
    AlignmentLoss tdpo =
        TR.tdpo2(setup.path("beta").asDouble()).alpha(setup.path("alpha").asDouble());
    ReferencePolicy soft = TR.soft(setup.path("soft").asDouble());
    JsonNode steps = golden.path("runs").path(checkpoint);
    assertSteps(GoldenRun.train(checkpoint, tdpo, soft, setup), steps);
    assertSteps(GoldenRun.train(checkpoint, tdpo, soft, setup, 100), steps);
  }

  private static void assertSteps(List<StepMetrics> ours, JsonNode steps) {
    assertThat(ours).hasSameSizeAs(steps);
    for (int i = 0; i < ours.size(); i++) {
      StepMetrics step = ours.get(i);
      assertThat(step.loss())
          .as("loss of step %d", step.step())
          .isCloseTo(steps.get(i).path("loss").asDouble(), within(LOSS));
      assertThat(step.gradNorm())
          .as("gradient norm of step %d", step.step())
          .isCloseTo(steps.get(i).path("grad_norm").asDouble(), withinPercentage(NORM_PERCENT));
    }
  }

  /** The KL and the rewards, where a step has them. */
  private static void assertFigures(StepMetrics step, JsonNode expected) {
    for (String figure : List.of("kl", "rewards/chosen", "rewards/rejected")) {
      assertThat(step.values().containsKey(figure)).as(figure).isEqualTo(expected.has(figure));
      if (expected.has(figure)) {
        assertThat(step.get(figure))
            .as("%s of step %d", figure, step.step())
            .isCloseTo(expected.path(figure).asDouble(), within(LOG_RATIO));
      }
    }
  }

  private static AlignmentLoss loss(String name, JsonNode setup) {
    double beta = setup.path("beta").asDouble();
    return switch (name) {
      case "ipo-mean" -> TR.ipoMean(beta);
      case "kto" ->
          TR.kto(beta)
              .weights(
                  setup.path("desirable_weight").asDouble(),
                  setup.path("undesirable_weight").asDouble());
      default -> TR.dpo(beta).wpo();
    };
  }

  private static ReferencePolicy rule(JsonNode reference) {
    return reference.isEmpty()
        ? TR.fixed()
        : TR.mixed(reference.path("alpha").asDouble(), reference.path("every").asLong());
  }
}
