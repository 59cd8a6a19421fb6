package io.github.tralign.testkit;

import static io.github.tralign.testkit.PolicyTools.adamW;
import static io.github.tralign.testkit.PolicyTools.values;
import static io.github.tralign.testkit.PolicyTools.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.hash.Hashing;
import io.github.tralign.InvalidInputException;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.NonFiniteWeightsException;
import io.github.tralign.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests that every implementation of {@link Policy} must pass. The test class of an engine
 * extends this class and implements {@link #newPolicy()} and, if necessary, {@link #tolerance()}.
 * It inherits all tests of scores, gradients, steps, the reference and the parameters.
 *
 * <p>The tests use only the interface {@link Policy}.
 */
@NullUnmarked // maps by parameter have a value for each name
public abstract class PolicyContract extends GroupsContract {

  @Test
  void the_same_weights_are_saved_as_the_same_bytes(@TempDir Path folder) throws IOException {
    Policy policy = open();
    policy.save(folder.resolve("first"));
    policy.save(folder.resolve("again"));
    open().save(folder.resolve("again")); // replaces
    assertThat(contents(folder.resolve("first"))).isNotEmpty();
    assertThat(contents(folder.resolve("again"))).isEqualTo(contents(folder.resolve("first")));
  }

  @Test
  void weights_that_are_not_finite_are_not_saved_and_existing_files_stay(@TempDir Path folder)
      throws IOException {
    Policy policy = open();
    policy.copyToReference();
    Path saved = folder.resolve("model");
    policy.save(saved);
    Map<String, String> before = contents(saved);
    policy.step(new OptimizerStep(1e300, Double.POSITIVE_INFINITY, new AdamW(0, 0, 1, 1e300)));
    assertNotSaved(() -> policy.save(saved), policy);
    assertThat(contents(saved)).isEqualTo(before);
    assertThat(folder).isDirectoryContaining(saved::equals).isDirectoryNotContaining("glob:**tmp*");
    assertNotSaved(() -> policy.saveState(Files.createDirectory(folder.resolve("state"))), policy);
  }

  private static void assertNotSaved(ThrowingCallable saving, Policy policy) {
    assertThatExceptionOfType(NonFiniteWeightsException.class)
        .isThrownBy(saving)
        .satisfies(
            it -> assertThat(policy.parameters()).anyMatch(name -> it.getMessage().contains(name)));
  }

  @Test
  void parameters_are_sorted_and_each_has_values() {
    Policy policy = open();
    assertThat(policy.parameters()).isNotEmpty().isSorted().doesNotHaveDuplicates();
    assertThat(values(policy).values()).allMatch(row -> row.length > 0);
  }

  @Test
  void values_are_copies() {
    Policy policy = open();
    policy.copyToReference();
    for (LanguageModel model : List.of(policy, policy.reference())) {
      Map<String, double[]> before = values(model);
      values(model).values().forEach(row -> Arrays.fill(row, 7));
      assertSame(values(model), before);
    }
  }

  @Test
  void an_unknown_parameter_is_named() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open().values("no.such.weight"))
        .withMessageContaining("no.such.weight");
  }

  @Test
  void without_a_reference_its_methods_throw() {
    Policy policy = open();
    String parameter = policy.parameters().get(0);
    assertThat(policy.hasReference()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(() -> policy.reference().score(batch()))
        .withMessageContaining("copyToReference");
    assertThatIllegalStateException()
        .isThrownBy(() -> policy.reference().values(parameter))
        .withMessageContaining("copyToReference");
    assertThatIllegalStateException()
        .isThrownBy(() -> policy.mixReference(0))
        .withMessageContaining("copyToReference");
  }

  @Test
  void the_reference_is_a_model_that_stays_with_its_policy() {
    Policy policy = open();
    policy.copyToReference();
    LanguageModel reference = policy.reference();
    assertThat(reference.vocabularySize()).isEqualTo(policy.vocabularySize());
    assertThat(reference.maxLength()).isEqualTo(policy.maxLength());
    assertThat(reference.parameters()).isEqualTo(policy.parameters());
    accumulate(policy, batch());
    policy.step(adamW(1e-2));
    policy.copyToReference();
    reference.close(); // has no effect: the policy closes it
    assertScoresAlike(reference, policy);
    assertScoresAlike(policy.reference(), policy);
  }

  @Test
  void the_reference_begins_as_the_policy_and_stays_when_it_steps() {
    Policy policy = open();
    policy.copyToReference();
    assertThat(policy.hasReference()).isTrue();
    Map<String, double[]> start = values(policy);
    double[] scores = policy.score(batch()).values();
    assertThat(policy.reference().score(batch()).values()).containsExactly(scores);
    step(policy);
    assertDiffers(values(policy), start);
    assertSame(values(policy.reference()), start);
    assertThat(policy.reference().score(batch()).values()).containsExactly(scores);
    assertThat(policy.score(batch()).values()).isNotEqualTo(scores);
  }

  @Test
  void copying_to_the_reference_again_takes_the_current_weights() {
    Policy policy = open();
    policy.copyToReference();
    step(policy);
    policy.copyToReference();
    assertSame(values(policy.reference()), values(policy));
  }

  @Test
  void the_distance_of_the_reference_is_the_norm_over_all_weights() {
    Policy policy = open();
    assertThatIllegalStateException().isThrownBy(policy::referenceDistance);
    policy.copyToReference();
    assertThat(policy.referenceDistance()).isZero();
    step(policy);
    double sum = 0;
    Map<String, double[]> theta = weights(policy);
    for (Map.Entry<String, double[]> ref : weights(policy.reference()).entrySet()) {
      double[] weights = theta.get(ref.getKey());
      for (int i = 0; i < weights.length; i++) {
        sum += Math.pow(weights[i] - ref.getValue()[i], 2);
      }
    }
    assertThat(sum).isPositive();
    assertThat(policy.referenceDistance())
        .isCloseTo(Math.sqrt(sum), Percentage.withPercentage(1e-3)); // engines may sum in fp32
  }

  @Test
  void mixing_nothing_changes_no_bit() {
    Policy policy = open();
    policy.copyToReference();
    step(policy);
    policy.mixReference(0.3); // so that the reference is not the initial policy either
    Map<String, double[]> before = values(policy.reference());
    policy.mixReference(0);
    assertSame(values(policy.reference()), before);
  }

  @Test
  void mixing_the_whole_policy_copies_each_bit() {
    Policy policy = open();
    policy.copyToReference();
    accumulate(policy, batch());
    policy.step(adamW(3)); // so far that policy − ref is rounded
    policy.mixReference(0.3);
    policy.mixReference(1);
    assertSame(values(policy.reference()), values(policy));
    assertThat(policy.reference().score(batch()).values())
        .containsExactly(policy.score(batch()).values());
  }

  @Test
  void a_mix_is_the_weighted_mean_of_each_weight_and_leaves_the_policy() {
    Policy policy = open();
    policy.copyToReference();
    step(policy);
    for (double alpha : new double[] {0.01, 0.6}) {
      Map<String, double[]> ref = weights(policy.reference());
      Map<String, double[]> theta = weights(policy);
      policy.mixReference(alpha);
      assertClose(weights(policy.reference()), mean(theta, ref, alpha));
      assertDiffers(weights(policy.reference()), ref);
      assertSame(weights(policy), theta);
    }
  }

  /** {@code ref_t = θ − (1 − α)^t (θ − ref_0)}. */
  @Test
  void repeated_mixes_follow_the_closed_form() {
    Policy policy = open();
    policy.copyToReference();
    step(policy);
    Map<String, double[]> ref = weights(policy.reference());
    Map<String, double[]> theta = weights(policy);
    for (int t = 1; t <= 10; t++) {
      policy.mixReference(0.2);
      assertClose(weights(policy.reference()), mean(theta, ref, 1 - Math.pow(0.8, t)));
    }
  }

  @Test
  void an_update_of_the_reference_does_not_disturb_the_training() {
    Policy moving = open();
    moving.copyToReference();
    Policy alone = open();
    for (int i = 0; i < 3; i++) {
      step(moving);
      moving.mixReference(0.5);
      step(alone);
    }
    assertSame(values(moving), values(alone));
  }

  @Test
  void a_policy_that_loads_a_state_continues_bit_for_bit(@TempDir Path folder) {
    Policy whole = open();
    whole.copyToReference();
    train(whole, 3);
    whole.saveState(folder);
    Policy resumed = open();
    train(resumed, 1); // earlier steps must not matter
    accumulate(resumed, batch()); // nor accumulated gradients
    resumed.loadState(folder);
    assertThat(resumed.hasReference()).isTrue();
    for (int i = 0; i < 3; i++) {
      assertScoresAlike(resumed, whole);
      assertScoresAlike(resumed.reference(), whole.reference());
      train(whole, 1);
      train(resumed, 1);
    }
  }

  @Test
  void loading_a_state_without_a_reference_removes_the_reference(@TempDir Path folder) {
    Policy plain = open();
    step(plain);
    plain.saveState(folder);
    Policy resumed = open();
    resumed.copyToReference();
    resumed.loadState(folder);
    assertThat(resumed.hasReference()).isFalse();
    step(plain);
    step(resumed);
    assertSame(values(resumed), values(plain));
  }

  @Test
  void a_state_saved_before_the_first_step_is_restored(@TempDir Path folder) {
    Policy fresh = open();
    fresh.saveState(folder);
    Policy resumed = open();
    step(resumed);
    resumed.loadState(folder);
    step(fresh);
    step(resumed);
    assertSame(values(resumed), values(fresh));
  }

  @Test
  void a_folder_without_a_state_changes_nothing(@TempDir Path folder) {
    Policy policy = open();
    step(policy);
    Map<String, double[]> before = values(policy);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> policy.loadState(folder))
        .withMessageContaining(folder.toString());
    assertSame(values(policy), before);
  }

  @Test
  void loading_a_truncated_state_changes_nothing(@TempDir Path folder) throws IOException {
    Policy policy = open();
    policy.copyToReference();
    step(policy);
    policy.saveState(folder);
    step(policy);
    Map<String, double[]> before = values(policy);
    for (Path file : files(folder)) {
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length - 5));
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> policy.loadState(folder))
          .withMessageContaining(file.toString());
      assertSame(values(policy), before);
      Files.write(file, whole);
    }
    policy.loadState(folder);
    assertDiffers(values(policy), before);
  }

  private void train(Policy policy, int steps) {
    for (int i = 0; i < steps; i++) {
      step(policy);
      if (policy.hasReference()) {
        policy.mixReference(0.6);
      }
    }
  }

  private void step(Policy policy) {
    accumulate(policy, batch());
    policy.step(adamW(1e-2));
  }

  private static Map<String, double[]> mean(
      Map<String, double[]> theta, Map<String, double[]> ref, double alpha) {
    Map<String, double[]> mean = new TreeMap<>();
    theta.forEach(
        (name, row) -> {
          double[] old = ref.get(name);
          double[] mixed = new double[row.length];
          Arrays.setAll(mixed, i -> alpha * row[i] + (1 - alpha) * old[i]);
          mean.put(name, mixed);
        });
    return mean;
  }

  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (Path file : files(folder)) {
      contents.put(
          folder.relativize(file).toString(),
          Hashing.sha256().hashBytes(Files.readAllBytes(file)).toString());
    }
    return contents;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
