package io.github.tralign.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TabularPolicyTest {

  private static final double[][] LOGITS = {{0.3, -1.2, 0.5}, {2, 0.1, -0.4}, {-0.7, 0.9, 0.2}};
  private static final PreferenceBatch BATCH =
      PreferenceBatch.of(
          Example.pair(new int[] {0, 1}, new int[] {2, 2}, new int[] {0}),
          Example.demonstration(new int[] {2}, new int[] {1, 0, 2}));
  private static final double[] SLOPES = {0.7, -0.2, 1.1, -0.5, 0.4, 0.9};

  @Test
  void a_score_is_the_log_softmax_of_the_row_of_the_token_before() {
    TokenLogProbs scores = new TabularPolicy(LOGITS).score(BATCH);
    double[] expected = {
      logSoftmax(1, 2), logSoftmax(2, 2), logSoftmax(1, 0),
      logSoftmax(2, 1), logSoftmax(1, 0), logSoftmax(0, 2)
    };
    assertThat(scores.values()).containsExactly(expected, within(1e-15));
    assertThat(scores.sum(0, 0)).isEqualTo(scores.values()[0] + scores.values()[1]);
    assertThat(scores.start(1, 0)).isEqualTo(3);
    assertThat(scores.tokens(0, 1)).isEqualTo(1);
  }

  @Test
  void huge_logits_do_not_overflow() {
    TabularPolicy policy = new TabularPolicy(new double[][] {{1e4, -1e4}, {0, 1e300}});
    Example example = Example.pair(new int[] {0}, new int[] {0, 0}, new int[] {1, 1});
    assertThat(policy.score(PreferenceBatch.of(example)).values()).containsExactly(0, 0, -2e4, 0);
  }

  @Test
  void the_gradient_of_each_logit_agrees_with_central_differences() {
    double[] gradient = gradient(new TabularPolicy(LOGITS));
    double h = 1e-5;
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        double slope =
            (objective(nudged(row, column, h)) - objective(nudged(row, column, -h))) / (2 * h);
        assertThat(gradient[3 * row + column]).isCloseTo(slope, within(1e-9));
      }
    }
  }

  /** Algorithm 2 of the paper, written out for one weight at a time. */
  @Test
  void several_steps_are_those_of_adamw() {
    AdamW settings = AdamW.ofDefaults().beta1(0.8).beta2(0.95).epsilon(1e-3).weightDecay(0.1);
    double[] rates = {0, 0.05, 0.1, 0.02, 0.1};
    double clip = 0.9;
    TabularPolicy policy = new TabularPolicy(LOGITS);
    double[] theta = policy.values("logits");
    double[] m = new double[9];
    double[] v = new double[9];
    for (int t = 1; t <= rates.length; t++) {
      double[] g = gradient(table(theta));
      double norm = 0;
      for (double each : g) {
        norm += each * each;
      }
      norm = Math.sqrt(norm);
      for (int i = 0; i < 9; i++) {
        g[i] *= norm > clip ? clip / (norm + 1e-6) : 1;
        m[i] = settings.beta1() * m[i] + (1 - settings.beta1()) * g[i];
        v[i] = settings.beta2() * v[i] + (1 - settings.beta2()) * g[i] * g[i];
        double mHat = m[i] / (1 - Math.pow(settings.beta1(), t));
        double vHat = v[i] / (1 - Math.pow(settings.beta2(), t));
        theta[i] -= rates[t - 1] * (mHat / (Math.sqrt(vHat) + settings.epsilon()) + 0.1 * theta[i]);
      }
      policy.accumulate(BATCH, scores -> TokenGradient.of(SLOPES));
      double returned = policy.step(new OptimizerStep(rates[t - 1], clip, settings));
      assertThat(returned).isCloseTo(norm, within(1e-9));
      assertThat(policy.values("logits")).containsExactly(theta, within(1e-9));
    }
  }

  @Test
  void mixing_nothing_keeps_even_the_sign_of_zero() {
    TabularPolicy policy = new TabularPolicy(new double[][] {{-0.0}});
    policy.copyToReference();
    policy.mixReference(0);
    assertThat(1 / policy.reference().values("logits")[0]).isNegative();
  }

  @Test
  void the_table_is_copied() {
    double[][] logits = {{1, 2}, {3, 4}};
    TabularPolicy policy = new TabularPolicy(logits);
    logits[1][0] = 99;
    assertThat(policy.values("logits")).containsExactly(1, 2, 3, 4);
  }

  @Test
  void a_table_that_is_not_square_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TabularPolicy(new double[][] {{1, 2}, {3}}))
        .withMessage("row 1 has 1 columns; expected 2");
  }

  @Test
  void a_seed_gives_one_table() {
    double[] values = TabularPolicy.random(5, 3).values("logits");
    assertThat(TabularPolicy.random(5, 3).values("logits")).isEqualTo(values);
    assertThat(TabularPolicy.random(5, 4).values("logits")).isNotEqualTo(values);
  }

  @Test
  void it_is_saved_as_a_table_and_nothing_else(@TempDir Path folder) throws IOException {
    Path saved = folder.resolve("new/model");
    new TabularPolicy(new double[][] {{1.5, -2}, {0.1, 1e-300}}).save(saved);
    assertThat(saved.toFile().list()).containsExactly("logits.csv");
    assertThat(Files.readString(saved.resolve("logits.csv"))).isEqualTo("1.5,-2.0\n0.1,1.0E-300\n");
  }

  private static double logSoftmax(int row, int column) {
    double sum = 0;
    for (double logit : LOGITS[row]) {
      sum += Math.exp(logit);
    }
    return Math.log(Math.exp(LOGITS[row][column]) / sum);
  }

  /** The gradient of {@link #objective}, read from a step of plain gradient descent. */
  private static double[] gradient(TabularPolicy policy) {
    double[] before = policy.values("logits");
    policy.accumulate(BATCH, scores -> TokenGradient.of(SLOPES));
    AdamW plain = new AdamW(0, 0, 1e12, 0);
    policy.step(new OptimizerStep(1e12, Double.POSITIVE_INFINITY, plain));
    double[] gradient = policy.values("logits");
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = before[i] - gradient[i];
    }
    return gradient;
  }

  private static double objective(double[][] logits) {
    double[] values = new TabularPolicy(logits).score(BATCH).values();
    double sum = 0;
    for (int t = 0; t < values.length; t++) {
      sum += SLOPES[t] * values[t];
    }
    return sum;
  }

  private static double[][] nudged(int row, int column, double by) {
    double[][] logits = {LOGITS[0].clone(), LOGITS[1].clone(), LOGITS[2].clone()};
    logits[row][column] += by;
    return logits;
  }

  private static TabularPolicy table(double[] flat) {
    double[][] logits = new double[3][3];
    for (int i = 0; i < 9; i++) {
      logits[i / 3][i % 3] = flat[i];
    }
    return new TabularPolicy(logits);
  }
}
