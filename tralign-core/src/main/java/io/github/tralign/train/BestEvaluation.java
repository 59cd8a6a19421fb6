package io.github.tralign.train;

import java.util.Locale;

/**
 * The best evaluation of a run so far.
 *
 * @param metric by which it is the best
 * @param reference what the metric compares with: {@code initial policy}, or {@code none}
 * @param step optimizer steps done
 * @param value of the metric
 */
public record BestEvaluation(EvaluationMetric metric, String reference, long step, double value) {

  static final String INITIAL = "initial policy";
  static final String NONE = "none";

  /** A description such as {@code eval_loss 0.6312 against the initial policy, after step 40}. */
  public String describe() {
    return String.format(
        Locale.ROOT, "%s %.4g%s, after step %d", metric, value, against(reference), step);
  }

  static String against(String reference) {
    return reference.equals(NONE) ? "" : " against the " + reference;
  }
}
