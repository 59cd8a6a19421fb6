package io.github.tralign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import org.junit.jupiter.api.Test;

/** Ranges and defaults of what an optimizer step is told. */
class SettingsTest {

  @Test
  void adamw_has_the_defaults_of_the_field() {
    AdamW expected = new AdamW(0.9, 0.999, 1e-8, 0);
    assertThat(AdamW.ofDefaults()).isEqualTo(expected);
    assertThat(AdamW.ofDefaults().beta2(0.95)).isEqualTo(new AdamW(0.9, 0.95, 1e-8, 0));
    assertThat(AdamW.ofDefaults().beta1(0.8).epsilon(1e-3).weightDecay(0.1))
        .isEqualTo(new AdamW(0.8, 0.999, 1e-3, 0.1));
  }

  @Test
  void adamw_settings_outside_their_range_are_refused() {
    refused(() -> new AdamW(1, 0.9, 1e-8, 0), "beta1 must lie in [0, 1), not be 1.0");
    refused(() -> new AdamW(-0.1, 0.9, 1e-8, 0), "beta1 must lie in [0, 1), not be -0.1");
    refused(() -> new AdamW(0.9, Double.NaN, 1e-8, 0), "beta2 must lie in [0, 1), not be NaN");
    refused(() -> new AdamW(0.9, 0.9, 0, 0), "epsilon must lie in (0, ∞), not be 0.0");
    refused(() -> new AdamW(0.9, 0.9, 1e-8, -1), "weight decay must lie in [0, ∞), not be -1.0");
  }

  @Test
  void step_settings_outside_their_range_are_refused() {
    for (double rate : new double[] {-1e-9, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused(
          () -> new OptimizerStep(rate, 1, AdamW.ofDefaults()),
          "the learning rate must be a number >= 0, not " + rate);
    }
    for (double norm : new double[] {0, -1, Double.NaN}) {
      refused(
          () -> new OptimizerStep(1, norm, AdamW.ofDefaults()),
          "the gradient norm must be > 0, not " + norm);
    }
  }

  /** {@code min(1, max / (norm + 1e-6))}, as in {@code torch.nn.utils.clip_grad_norm_}. */
  @Test
  void only_gradients_above_the_norm_are_clipped() {
    OptimizerStep step = new OptimizerStep(1, 2, AdamW.ofDefaults());
    assertThat(step.clipFactor(1.9)).isEqualTo(1);
    assertThat(step.clipFactor(0)).isEqualTo(1);
    assertThat(step.clipFactor(8)).isCloseTo(2 / 8.000001, within(1e-15));
    OptimizerStep free = new OptimizerStep(1, Double.POSITIVE_INFINITY, AdamW.ofDefaults());
    assertThat(free.clipFactor(1e30)).isEqualTo(1);
  }

  private static void refused(Runnable settings, String message) {
    assertThatIllegalArgumentException().isThrownBy(settings::run).withMessage(message);
  }
}
