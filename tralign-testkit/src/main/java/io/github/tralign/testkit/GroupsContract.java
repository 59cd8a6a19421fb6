package io.github.tralign.testkit;

import static io.github.tralign.testkit.PolicyTools.adamW;
import static io.github.tralign.testkit.PolicyTools.grouped;
import static io.github.tralign.testkit.PolicyTools.shrink;
import static io.github.tralign.testkit.PolicyTools.values;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.optimizer.WeightDecayScope;
import io.github.tralign.policy.Policy;
import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * What {@link Policy#step} must do with {@link ParameterGroups}; applies to policies with any
 * number of parameters.
 */
abstract class GroupsContract extends StepContract {

  /** Whether a parameter has two dimensions. Default true. */
  protected boolean isMatrix(String parameter) {
    return true;
  }

  @Test
  void a_group_without_settings_changes_no_bit() {
    assertSameRun(adamW(1e-2), grouped(adamW(1e-2), ParameterGroup.of("*")));
  }

  @Test
  void a_learning_rate_factor_multiplies_the_learning_rate() {
    ParameterGroup slow = ParameterGroup.of("*").learningRateFactor(0.3);
    assertSameRun(adamW(1e-2 * 0.3), grouped(adamW(1e-2), slow));
  }

  @Test
  void a_factor_of_zero_leaves_the_weights() {
    Policy policy = open();
    Map<String, double[]> before = values(policy);
    accumulate(policy, batch());
    policy.step(grouped(adamW(1e-2), ParameterGroup.of("*").learningRateFactor(0)));
    assertSame(values(policy), before);
  }

  @Test
  void the_weight_decay_of_a_group_replaces_the_general_one() {
    Policy policy = open();
    Map<String, double[]> expected = shrunk(policy, name -> 0.1 * 0.3);
    policy.step(grouped(shrink(0.1), ParameterGroup.of("*").weightDecay(0.3)));
    assertClose(values(policy), expected);
  }

  @Test
  void weight_decay_on_matrices_leaves_all_others() {
    Policy policy = open();
    Map<String, double[]> before = values(policy);
    Map<String, double[]> expected = shrunk(policy, name -> isMatrix(name) ? 0.1 : 0);
    policy.step(grouped(shrink(0.1), ParameterGroups.none().decayed(WeightDecayScope.MATRICES)));
    Map<String, double[]> after = values(policy);
    assertClose(after, expected);
    before.keySet().removeIf(this::isMatrix);
    after.keySet().removeIf(this::isMatrix);
    assertSame(after, before);
  }

  @Test
  void a_group_with_its_own_weight_decay_decays_all_its_parameters() {
    Policy policy = open();
    Map<String, double[]> expected = shrunk(policy, name -> 0.1 * 0.5);
    ParameterGroup all = ParameterGroup.of("*").weightDecay(0.5);
    policy.step(grouped(shrink(0.1), ParameterGroups.of(all).decayed(WeightDecayScope.MATRICES)));
    assertClose(values(policy), expected);
  }

  @Test
  void groups_that_do_not_fit_the_parameters_are_refused_and_change_nothing() {
    Policy policy = open();
    Policy sound = open();
    accumulate(policy, batch());
    accumulate(sound, batch());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> policy.step(grouped(adamW(1), ParameterGroup.frozen("no.such.*"))))
        .withMessageContaining("no.such.*");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> policy.step(grouped(adamW(1), ParameterGroup.frozen("*"))))
        .withMessageContaining("all parameters are frozen");
    policy.step(adamW(1e-2));
    sound.step(adamW(1e-2));
    assertSame(values(policy), values(sound));
  }

  /** The weights after a decay by a share of each parameter. */
  final Map<String, double[]> shrunk(Policy policy, ToDoubleFunction<String> share) {
    Map<String, double[]> expected = values(policy);
    expected.forEach(
        (name, row) -> Arrays.setAll(row, i -> row[i] * (1 - share.applyAsDouble(name))));
    return expected;
  }

  private void assertSameRun(OptimizerStep expected, OptimizerStep actual) {
    Policy one = open();
    Policy other = open();
    for (int i = 0; i < 3; i++) {
      accumulate(one, batch());
      one.step(expected);
      accumulate(other, batch());
      other.step(actual);
    }
    assertSame(values(other), values(one));
  }
}
