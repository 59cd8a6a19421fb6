package io.github.tralign.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterGroupsTest {

  private static final List<String> NAMES =
      List.of("embed.weight", "layers.0.bias", "layers.0.weight", "norm.weight");
  private static final AdamW ADAM_W = AdamW.ofDefaults().weightDecay(0.5);

  private static Map<String, ParameterUpdate> updates(ParameterGroups groups) {
    return new OptimizerStep(4, 1, ADAM_W, groups)
        .updates(NAMES, name -> name, name -> name.matches("(embed|layers).*weight"));
  }

  @Test
  void without_groups_all_parameters_are_updated_alike() {
    assertThat(updates(ParameterGroups.none()).keySet()).containsExactlyElementsOf(NAMES);
    assertThat(updates(ParameterGroups.none()).values()).containsOnly(new ParameterUpdate(4, 0.5));
    assertThat(new OptimizerStep(4, 1, ADAM_W).groups()).isEqualTo(ParameterGroups.none());
  }

  @Test
  void a_parameter_belongs_to_the_first_group_that_matches() {
    ParameterGroups groups =
        ParameterGroups.of(
            ParameterGroup.frozen("embed.*"),
            ParameterGroup.of("*.bias").learningRateFactor(0.25).weightDecay(0),
            ParameterGroup.of("layers.*").weightDecay(0.1));
    assertThat(updates(groups))
        .isEqualTo(
            Map.of(
                "layers.0.bias", new ParameterUpdate(1, 0),
                "layers.0.weight", new ParameterUpdate(4, 0.1),
                "norm.weight", new ParameterUpdate(4, 0.5)));
  }

  @Test
  void decay_on_matrices_is_for_those_without_a_decay_of_their_own() {
    ParameterGroups groups =
        ParameterGroups.of(
                ParameterGroup.of("norm.*").weightDecay(0.1),
                ParameterGroup.of("embed.*").learningRateFactor(0.5))
            .decayed(WeightDecayScope.MATRICES);
    assertThat(updates(groups))
        .isEqualTo(
            Map.of(
                "embed.weight", new ParameterUpdate(2, 0.5),
                "layers.0.bias", new ParameterUpdate(4, 0),
                "layers.0.weight", new ParameterUpdate(4, 0.5),
                "norm.weight", new ParameterUpdate(4, 0.1)));
  }

  @Test
  void a_pattern_without_parameters_is_refused_with_the_nearest_names() {
    refused(
        ParameterGroups.of(ParameterGroup.frozen("layer.*.bias")),
        "no parameter matches 'layer.*.bias'; the most similar: layers.0.bias,"
            + " layers.0.weight, embed.weight");
  }

  @Test
  void a_group_that_is_left_nothing_is_refused() {
    refused(
        ParameterGroups.of(ParameterGroup.frozen("*.weight"), ParameterGroup.of("norm.*")),
        "all parameters that match 'norm.*' already match an earlier pattern, such as norm.weight");
  }

  @Test
  void there_must_be_something_to_train() {
    refused(
        ParameterGroups.of(ParameterGroup.frozen("*.bias"), ParameterGroup.frozen("*.weight")),
        "all parameters are frozen; there is nothing to train");
  }

  private static void refused(ParameterGroups groups, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> groups.assign(NAMES, name -> name))
        .withMessage(message);
  }

  @Test
  void settings_of_a_group_outside_their_range_are_refused() {
    ParameterGroup group = ParameterGroup.of("*");
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> group.learningRateFactor(bad))
          .withMessage("lr-factor must be a number >= 0, not " + bad);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> group.weightDecay(bad))
          .withMessage("weight-decay must be a number >= 0, not " + bad);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ParameterGroup.frozen("*").weightDecay(0))
        .withMessage("frozen parameters have neither a learning rate nor a weight decay: *");
  }

  @Test
  void a_group_is_written_with_what_it_changes() {
    assertThat(ParameterGroup.of("*")).hasToString("*");
    assertThat(ParameterGroup.frozen("!a")).hasToString("!a:frozen");
    assertThat(ParameterGroup.of("*").learningRateFactor(0.1).weightDecay(0))
        .hasToString("*:lr-factor=0.1:weight-decay=0.0");
  }
}
