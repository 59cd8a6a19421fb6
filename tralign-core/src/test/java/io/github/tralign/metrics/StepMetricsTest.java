package io.github.tralign.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepMetricsTest {

  private static final StepMetrics METRICS =
      new StepMetrics(7, ImmutableMap.of("loss", 0.5, "grad_norm", 2.0));

  @Test
  void values_are_found_by_name() {
    assertThat(METRICS.loss()).isEqualTo(0.5);
    assertThat(METRICS.gradNorm()).isEqualTo(2);
    assertThat(METRICS.has("loss")).isTrue();
    assertThat(METRICS.has("rewards/margins")).isFalse();
  }

  @Test
  void a_missing_one_is_reported_with_those_that_there_are() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> METRICS.get("rewards/margin"))
        .withMessage("step 7 has no metric 'rewards/margin'; it has [loss, grad_norm]");
  }

  @Test
  void more_come_behind_and_leave_the_original() {
    StepMetrics more = METRICS.with(Map.of("reference/weight", 1.0));
    assertThat(more.values().keySet()).containsExactly("loss", "grad_norm", "reference/weight");
    assertThat(more.step()).isEqualTo(7);
    assertThat(METRICS.has("reference/weight")).isFalse();
  }
}
