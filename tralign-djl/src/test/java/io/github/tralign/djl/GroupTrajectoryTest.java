package io.github.tralign.djl;

import static io.github.tralign.testkit.RelativeError.difference;
import static io.github.tralign.testkit.RelativeError.norm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Maps;
import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.optimizer.WeightDecayScope;
import io.github.tralign.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of parameters against PyTorch's, and what is decayed against transformers. */
@Tag("numeric")
class GroupTrajectoryTest {

  private static final JsonNode GOLDEN = Golden.json("group_trajectories.json");
  private static final JsonNode SETUP = GOLDEN.path("setup");

  private static final double MOVED = 2e-4;

  /** Biases of keys have no gradient but rounding, of which Adam makes whole steps. */
  private static final double MOVED_WITH_KEYS = 1e-2;

  @ParameterizedTest
  @ValueSource(strings = {"neox", "llama"})
  void each_step_and_each_parameter_goes_where_pytorch_goes(String checkpoint) {
    JsonNode run = GOLDEN.path("runs").path(checkpoint);
    try (DjlPolicy policy = Golden.policy(checkpoint).load()) {
      Map<String, double[]> start = values(policy);
      List<StepMetrics> ours = train(policy);
      assertThat(ours).hasSameSizeAs(run.path("steps"));
      for (int i = 0; i < ours.size(); i++) {
        JsonNode expected = run.path("steps").get(i);
        assertThat(ours.get(i).loss())
            .as("loss of step %d", i + 1)
            .isCloseTo(expected.path("loss").asDouble(), within(1e-5));
        assertThat(ours.get(i).gradNorm())
            .as("gradient norm of step %d", i + 1)
            .isCloseTo(expected.path("grad_norm").asDouble(), withinPercentage(0.02));
      }
      Map<String, double[]> end = values(policy);
      assertThat(run.path("moved")).hasSize(start.size());
      start.forEach(
          (name, from) -> {
            double expected = run.path("moved").path(name).asDouble();
            assertThat(norm(difference(end.get(name), from)))
                .as(name)
                .isCloseTo(expected, within(share(name) * expected));
          });
    }
  }

  private static double share(String name) {
    return name.endsWith("query_key_value.bias") ? MOVED_WITH_KEYS : MOVED;
  }

  private static List<StepMetrics> train(DjlPolicy policy) {
    JsonNode adam = SETUP.path("adam");
    return Trainer.builder()
        .policy(policy)
        .data(Golden.rows(SETUP.path("rows").asText(), Integer.MAX_VALUE))
        .loss(TR.dpo(SETUP.path("beta").asDouble()))
        .reference(TR.soft(SETUP.at("/reference/alpha").asDouble()))
        .learningRate(SETUP.path("learning_rate").asDouble())
        .optimizer(
            new AdamW(
                adam.path("beta1").asDouble(),
                adam.path("beta2").asDouble(),
                adam.path("epsilon").asDouble(),
                SETUP.path("weight_decay").asDouble()))
        .groups(groups())
        .maxGradNorm(SETUP.path("max_grad_norm").asDouble())
        .batchSize(SETUP.path("batch_size").asInt())
        .maxSteps(SETUP.path("steps").asInt())
        .shuffle(false)
        .build()
        .train()
        .metrics();
  }

  private static ParameterGroups groups() {
    List<ParameterGroup> groups = new ArrayList<>();
    for (JsonNode group : SETUP.path("groups")) {
      String pattern = group.path("pattern").asText();
      ParameterGroup made =
          group.path("frozen").asBoolean()
              ? ParameterGroup.frozen(pattern)
              : ParameterGroup.of(pattern).learningRateFactor(group.path("lr_factor").asDouble(1));
      groups.add(
          group.has("weight_decay")
              ? made.weightDecay(group.path("weight_decay").asDouble())
              : made);
    }
    return ParameterGroups.of(groups).decayed(WeightDecayScope.MATRICES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"neox", "llama"})
  void what_is_decayed_is_what_transformers_decays(String checkpoint) {
    List<String> expected = new ArrayList<>();
    GOLDEN.path("runs").path(checkpoint).path("decayed").forEach(it -> expected.add(it.asText()));
    try (DjlPolicy policy = Golden.policy(checkpoint).load()) {
      Map<String, double[]> before = values(policy);
      AdamW decay = AdamW.ofDefaults().weightDecay(0.5);
      ParameterGroups groups = ParameterGroups.none().decayed(WeightDecayScope.MATRICES);
      policy.step(new OptimizerStep(0.1, 1, decay, groups));
      Map<String, double[]> after = values(policy);
      expected.retainAll(before.keySet()); // a tied head has no name of its own here
      assertThat(before.keySet())
          .filteredOn(name -> norm(difference(after.get(name), before.get(name))) > 0)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static Map<String, double[]> values(DjlPolicy policy) {
    return Maps.toMap(policy.parameters(), name -> policy.values(name));
  }
}
