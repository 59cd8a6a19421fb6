package io.github.tralign.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.fail;

import io.github.tralign.policy.Objective;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life cycle of a {@link Policy}: closing, and errors of objectives. */
abstract class LifeContract extends PolicyFixture {

  @Test
  void every_method_of_a_closed_policy_throws(@TempDir Path folder) {
    Policy policy = newPolicy();
    String parameter = policy.parameters().get(0);
    Objective untouched = scores -> fail("the objective of a closed policy");
    List<Consumer<Policy>> calls =
        List.of(
            Policy::vocabularySize,
            Policy::maxLength,
            it -> it.score(batch()),
            it -> it.reference().score(batch(), Set.of()),
            it -> it.accumulate(batch(), untouched),
            it -> it.step(PolicyTools.adamW(0.1)),
            Policy::discardGradients,
            Policy::copyToReference,
            Policy::hasReference,
            it -> it.mixReference(0.5),
            Policy::referenceDistance,
            Policy::parameters,
            it -> it.values(parameter),
            it -> it.forEachValue(parameter, value -> fail("a value of a closed policy")),
            it -> it.save(folder.resolve("saved")),
            it -> it.saveState(folder),
            it -> it.loadState(folder));
    policy.close();
    for (Consumer<Policy> call : calls) {
      assertThatIllegalStateException()
          .isThrownBy(() -> call.accept(policy))
          .withMessageEndingWith("is closed");
    }
    assertThatCode(policy::close).doesNotThrowAnyException();
  }

  @Test
  void an_objective_with_a_wrong_number_of_derivatives_is_rejected() {
    Policy policy = open();
    int tokens = batch().completionTokens();
    for (int wrong : new int[] {0, tokens - 1, tokens + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> policy.accumulate(batch(), scores -> TokenGradient.of(new double[wrong])))
          .withMessage(wrong + " values for a batch of " + tokens + " completion tokens");
    }
  }
}
