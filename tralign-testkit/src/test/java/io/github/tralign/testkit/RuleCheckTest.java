package io.github.tralign.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RuleCheckTest {

  static Stream<ReferencePolicy> right() {
    return Stream.of(
        TR.fixed(),
        TR.soft(0.6),
        TR.hard(3).from(10),
        TR.hardEpochs(1),
        TR.distance(0.1),
        TR.mixed(0.6, 4).warmup(5),
        metrics -> metrics.loss() < 0.6 ? 1 : 0);
  }

  @ParameterizedTest
  @MethodSource("right")
  void a_rule_that_is_right_passes(ReferencePolicy rule) {
    assertThatCode(() -> RuleCheck.check(rule)).doesNotThrowAnyException();
  }

  @Test
  void a_weight_outside_its_range_is_reported() {
    fails(metrics -> Double.NaN, "asks for the weight NaN after step 1; it must lie in [0, 1]");
    fails(metrics -> -0.1, "asks for the weight -0.1");
    fails(metrics -> 2 * metrics.loss(), "it must lie in [0, 1]");
  }

  @Test
  void a_rule_that_remembers_by_itself_is_reported() {
    AtomicInteger calls = new AtomicInteger();
    fails(
        metrics -> calls.incrementAndGet() > 50 ? 1 : 0,
        "the same run gives the weight 0.0 after step 11, and then 1.0; a rule must keep its state in"
            + " memoryAfter");
  }

  @Test
  void a_broken_promise_is_reported() {
    fails(
        promising(step -> OptionalLong.of(step + 2)),
        "promised the weight 0.0 after step 1 but asks for 1.0");
    fails(promising(step -> null), "gives null for nextCopyAfter");
  }

  @Test
  void a_memory_that_is_none_is_reported() {
    fails(remembering(null), "gives null for memoryAfter");
    fails(remembering(Map.of("loss", 1.0)), "remembers loss = 1.0");
    fails(remembering(Map.of("age", 1.0)), "a new name that begins with reference/");
  }

  private interface Promise {
    OptionalLong after(long step);
  }

  private static ReferencePolicy promising(Promise promise) {
    return new ReferencePolicy() {
      @Override
      public double weightAfter(StepMetrics metrics) {
        return 1;
      }

      @Override
      public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
        return promise.after(step);
      }
    };
  }

  private static ReferencePolicy remembering(Map<String, Double> memory) {
    return new ReferencePolicy() {
      @Override
      public double weightAfter(StepMetrics metrics) {
        return 0.5;
      }

      @Override
      public Map<String, Double> memoryAfter(StepMetrics metrics, StepMetrics before) {
        return memory;
      }
    };
  }

  private static void fails(ReferencePolicy rule, String message) {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> RuleCheck.check(rule))
        .withMessageContaining(message);
  }
}
