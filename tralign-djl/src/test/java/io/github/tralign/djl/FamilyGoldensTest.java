package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.testkit.RelativeError;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each model family, with each of its switches, against transformers and against itself. */
@Tag("numeric")
class FamilyGoldensTest {

  private static final double LOG_PROB_PERCENT = 1e-4; // a relative error of 1e-6
  private static final double LOSS_PERCENT = 1e-2;
  private static final List<Example> ROWS = Golden.rows();
  private static final Map<String, Computed> PACKED = new HashMap<>();

  static Stream<String> families() {
    return Golden.families();
  }

  @ParameterizedTest
  @MethodSource("families")
  void each_completion_has_the_log_probability_that_transformers_gives(String family) {
    JsonNode expected = goldens(family).path("logps");
    try (DjlPolicy policy = Golden.policy(family).load()) {
      TokenLogProbs scores = policy.score(batch(ROWS));
      for (int i = 0; i < ROWS.size(); i++) {
        for (int completion = 0; completion < 2; completion++) {
          assertThat(scores.sum(i, completion))
              .as("row %d, completion %d", i, completion)
              .isCloseTo(
                  expected.path(completion == 0 ? "chosen" : "rejected").get(i).asDouble(),
                  withinPercentage(LOG_PROB_PERCENT));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void each_parameter_has_the_gradient_that_autograd_gives(String family) {
    JsonNode goldens = goldens(family);
    try (DjlPolicy policy = Golden.policy(family).load()) {
      TransformersGradientsTest.assertGradients(
          policy,
          batch(ROWS.subList(0, goldens.path("gradient_rows").asInt())),
          goldens.path("gradients"));
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void training_with_a_soft_reference_has_the_losses_of_plain_pytorch(String family) {
    JsonNode training = goldens(family).path("training");
    JsonNode setup = training.path("setup");
    List<StepMetrics> steps =
        GoldenRun.train(
            family,
            TR.dpo(setup.path("beta").asDouble()),
            TR.soft(setup.path("alpha").asDouble()),
            setup);
    assertThat(training.path("losses")).hasSameSizeAs(steps);
    for (int i = 0; i < steps.size(); i++) {
      assertThat(steps.get(i).loss())
          .as("loss of step %d", i + 1)
          .isCloseTo(training.path("losses").get(i).asDouble(), withinPercentage(LOSS_PERCENT));
    }
  }

  /** Packed, with a prompt that two rows share, against each completion alone. */
  @ParameterizedTest
  @MethodSource("families")
  void packed_completions_have_the_numbers_of_each_alone(String family) {
    Computed packed = computed(family);
    Computed alone =
        Computed.by(
            settings(family),
            packed().stream()
                .flatMap(
                    row ->
                        row.completions().stream()
                            .map(it -> new Example(row.prompt(), ImmutableList.of(it), "alone")))
                .map(PreferenceBatch::of)
                .toArray(PreferenceBatch[]::new));
    assertThat(RelativeError.of(packed.logProbs(), alone.logProbs())).isLessThan(2e-6);
    alone
        .gradients()
        .forEach(
            (name, gradient) ->
                assertThat(RelativeError.of(packed.gradients().get(name), gradient))
                    .as("difference in the gradient of %s", name)
                    .isLessThan(1e-5));
  }

  @ParameterizedTest
  @MethodSource("families")
  void layers_computed_again_have_the_same_bits(String family) {
    Computed.by(settings(family).recompute(true), batch(packed())).assertSameBits(computed(family));
  }

  @ParameterizedTest
  @MethodSource("families")
  void a_restored_state_continues_with_the_same_bits(String family, @TempDir Path folder) {
    try (DjlPolicy whole = settings(family).load();
        DjlPolicy resumed = settings(family).load()) {
      whole.copyToReference();
      train(whole, 0);
      whole.saveState(folder);
      train(whole, 3);
      resumed.loadState(folder);
      train(resumed, 3);
      assertSameWeights(resumed, whole);
      assertSameWeights(resumed.reference(), whole.reference());
    }
  }

  /** Three steps with an arbitrary objective and a soft reference. */
  private static void train(DjlPolicy policy, int first) {
    for (int step = first; step < first + 3; step++) {
      Random random = new Random(step);
      policy.accumulate(
          batch(ROWS.subList(step, step + 2)),
          scores -> TokenGradient.of(random.doubles(scores.values().length, -1, 1).toArray()));
      policy.step(new OptimizerStep(3e-3, 1, AdamW.ofDefaults()));
      policy.mixReference(0.6);
    }
  }

  private static void assertSameWeights(LanguageModel actual, LanguageModel expected) {
    for (String name : expected.parameters()) {
      assertThat(actual.values(name)).as(name).containsExactly(expected.values(name));
    }
  }

  /** Rows of which two share a prompt. */
  private static List<Example> packed() {
    Example shared =
        new Example(ROWS.get(1).prompt(), ROWS.get(0).completions(), "made for this test");
    return ImmutableList.<Example>builder().addAll(ROWS.subList(0, 5)).add(shared).build();
  }

  /** What a family computes of them, once for all cases. */
  private static Computed computed(String family) {
    return PACKED.computeIfAbsent(family, it -> Computed.by(settings(it), batch(packed())));
  }

  private static DjlPolicyBuilder settings(String family) {
    return Golden.policy(family).threads(1);
  }

  private static PreferenceBatch batch(List<Example> rows) {
    return new PreferenceBatch(ImmutableList.copyOf(rows));
  }

  private static JsonNode goldens(String family) {
    return Golden.json(family + "/goldens.json");
  }
}
