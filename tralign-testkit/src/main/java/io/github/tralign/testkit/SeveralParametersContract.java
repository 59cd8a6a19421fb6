package io.github.tralign.testkit;

import static io.github.tralign.testkit.PolicyTools.adamW;
import static io.github.tralign.testkit.PolicyTools.descend;
import static io.github.tralign.testkit.PolicyTools.dot;
import static io.github.tralign.testkit.PolicyTools.grouped;
import static io.github.tralign.testkit.PolicyTools.shrink;
import static io.github.tralign.testkit.PolicyTools.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.policy.Policy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests that a {@link Policy} with several parameters must pass: in addition, parameters can be
 * frozen or have their own settings.
 */
public abstract class SeveralParametersContract extends PolicyContract {

  @Test
  void frozen_parameters_keep_every_bit_and_all_others_move() {
    Policy policy = open();
    Map<String, double[]> before = values(policy);
    for (int i = 0; i < 3; i++) {
      accumulate(policy, batch());
      policy.step(freezing(policy, adamW(1e-2)));
    }
    Map<String, double[]> after = values(policy);
    for (String name : policy.parameters()) {
      if (frozen(policy).contains(name)) {
        assertThat(after.get(name)).as(name).containsExactly(before.get(name));
      } else {
        assertThat(after.get(name)).as(name).isNotEqualTo(before.get(name));
      }
    }
  }

  @Test
  void without_clipping_the_others_move_as_if_nothing_were_frozen() {
    Policy free = open();
    accumulate(free, batch());
    free.step(adamW(1e-2));
    Policy policy = open();
    accumulate(policy, batch());
    policy.step(freezing(policy, adamW(1e-2)));
    assertSame(trained(policy), trained(free));
  }

  @Test
  void frozen_parameters_do_not_count_in_the_norm_that_is_clipped() {
    Policy free = open();
    Map<String, double[]> before = trained(free);
    accumulate(free, batch());
    double ofAll = free.step(descend(1));
    Map<String, double[]> descended = trained(free);
    double norm = Math.sqrt(dot(before, descended, before, descended));
    assertThat(norm).isLessThan(0.999 * ofAll);

    Policy policy = open();
    accumulate(policy, batch());
    OptimizerStep plain = descend(1);
    double returned =
        policy.step(
            freezing(policy, new OptimizerStep(plain.learningRate(), norm / 4, plain.adamW())));
    Map<String, double[]> after = trained(policy);
    assertRelative(returned, norm, 10);
    assertThat(Math.sqrt(dot(before, after, before, after)))
        .isCloseTo(norm / 4, within((1e-5 + 10 * tolerance()) * norm));
  }

  @Test
  void groups_without_frozen_parameters_do_not_touch_the_norm() {
    Policy alike = open();
    Policy grouped = open();
    accumulate(alike, batch());
    accumulate(grouped, batch());
    String some = grouped.parameters().get(grouped.parameters().size() / 2);
    ParameterGroup slow = ParameterGroup.of("!" + some).learningRateFactor(0.5);
    assertThat(grouped.step(grouped(adamW(1e-2), slow))).isEqualTo(alike.step(adamW(1e-2)));
  }

  @Test
  void a_step_also_discards_gradients_of_frozen_parameters() {
    Policy policy = open();
    accumulate(policy, batch());
    policy.step(freezing(policy, descend(0)));
    assertThat(policy.step(descend(0))).isZero();
  }

  @Test
  void train_only_gives_the_same_bits_as_freezing_the_rest() {
    for (String only : open().parameters()) {
      Policy restricted = open();
      Policy free = open();
      restricted.trainOnly(Set.of(only));
      for (int i = 0; i < 2; i++) {
        accumulate(restricted, batch());
        accumulate(free, batch());
        OptimizerStep step = grouped(adamW(1e-2), ParameterGroup.frozen("!" + only));
        assertThat(restricted.step(step)).as("norm of %s", only).isEqualTo(free.step(step));
      }
      assertSame(values(restricted), values(free));
    }
  }

  @Test
  void train_only_sets_gradients_to_zero() {
    Policy policy = open();
    accumulate(policy, batch());
    policy.trainOnly(Set.copyOf(policy.parameters()));
    assertThat(policy.step(descend(0))).isZero();
  }

  @Test
  void each_group_has_its_own_learning_rate_and_decay() {
    Policy policy = open();
    String first = policy.parameters().get(0);
    String last = policy.parameters().get(policy.parameters().size() - 1);
    Map<String, double[]> expected =
        shrunk(policy, name -> name.equals(first) ? 0.1 * 0.3 : name.equals(last) ? 0.05 : 0.1);
    policy.step(
        grouped(
            shrink(0.1),
            ParameterGroup.of(first).weightDecay(0.3),
            ParameterGroup.of(last).learningRateFactor(0.5)));
    assertClose(values(policy), expected);
  }

  @Test
  void the_first_matching_group_applies() {
    Policy policy = open();
    String first = policy.parameters().get(0);
    Map<String, double[]> expected = shrunk(policy, name -> name.equals(first) ? 0 : 0.1 * 0.3);
    policy.step(
        grouped(
            shrink(0.1), ParameterGroup.frozen(first), ParameterGroup.of("*").weightDecay(0.3)));
    assertClose(values(policy), expected);
  }

  @Test
  void a_parameter_that_is_unfrozen_later_starts_with_fresh_moments() {
    Policy policy = open();
    Policy twin = open();
    for (Policy each : new Policy[] {policy, twin}) {
      for (int i = 0; i < 3; i++) {
        accumulate(each, batch());
        each.step(freezing(each, adamW(1e-2)));
      }
      accumulate(each, batch());
    }
    Map<String, double[]> before = values(policy);
    policy.step(adamW(1e-2));
    twin.step(descend(1));
    Map<String, double[]> after = values(policy);
    Map<String, double[]> descended = values(twin);
    assertFirstAdamStep(1e-2, frozen(policy), before, descended, after);
  }

  @Test
  void mixing_keeps_frozen_parameters_of_the_reference() {
    Policy policy = open();
    policy.copyToReference();
    Map<String, double[]> before = values(policy.reference());
    accumulate(policy, batch());
    policy.step(freezing(policy, adamW(1e-2)));
    policy.mixReference(0.3);
    Map<String, double[]> after = values(policy.reference());
    for (String name : policy.parameters()) {
      // Additions to frozen weights may be kept in another form, with other roundings.
      if (frozen(policy).contains(name) && policy.weights().contains(name)) {
        assertThat(after.get(name)).as(name).containsExactly(before.get(name));
      }
    }
    assertDiffers(after, before);
  }

  @Test
  void a_state_with_frozen_parameters_continues_bit_for_bit(@TempDir Path folder) {
    Policy whole = open();
    train(whole, freezing(whole, adamW(1e-2)), 3);
    whole.saveState(folder);
    Policy resumed = open();
    train(resumed, adamW(1e-2), 1); // with moments of all
    resumed.loadState(folder);
    for (OptimizerStep next :
        new OptimizerStep[] {freezing(whole, adamW(1e-2)), adamW(1e-2), adamW(1e-3)}) {
      assertSame(values(resumed), values(whole));
      train(whole, next, 1);
      train(resumed, next, 1);
    }
    assertSame(values(resumed), values(whole));
  }

  private void train(Policy policy, OptimizerStep step, int steps) {
    for (int i = 0; i < steps; i++) {
      accumulate(policy, batch());
      policy.step(step);
    }
  }

  /** The step with every other parameter frozen. */
  private static OptimizerStep freezing(Policy policy, OptimizerStep step) {
    return grouped(
        step, frozen(policy).stream().map(ParameterGroup::frozen).toArray(ParameterGroup[]::new));
  }

  private static Set<String> frozen(Policy policy) {
    Set<String> frozen = new TreeSet<>();
    for (int i = 0; i < policy.parameters().size(); i += 2) {
      frozen.add(policy.parameters().get(i));
    }
    return frozen;
  }

  private static Map<String, double[]> trained(Policy policy) {
    Map<String, double[]> trained = values(policy);
    trained.keySet().removeAll(frozen(policy));
    return trained;
  }
}
