package io.github.tralign.toy;

import java.util.Locale;

/** The measures of a run after each step. */
enum Measure {
  /** Probability of all sequences but the chosen and the rejected one. */
  OUT_OF_DATA,
  /** The part of it that diverges from the chosen sequence before the rejected one does. */
  BEFORE_FORK,
  /** The part of it that diverges from the chosen sequence where the rejected one does. */
  AT_FORK,
  /** The part of it that diverges from the chosen sequence later than the rejected one. */
  BEHIND_FORK,
  /** Probability of the chosen sequence. */
  CHOSEN,
  /** Probability of the rejected sequence. */
  REJECTED,
  /**
   * {@code h = a − b}, the margin against the current reference at which the step's gradient was
   * computed; 0 before the first step.
   */
  MARGIN,
  /** {@code |∂L/∂a|} at this margin: how strongly the step raised the chosen sequence. */
  GRADIENT_WEIGHT,
  /** {@code |∂L/∂b|} at this margin: how strongly the step lowered the rejected sequence. */
  REJECTED_GRADIENT_WEIGHT,
  /** {@code ∂²L/∂a²} at this margin. */
  HESSIAN_WEIGHT;

  /** The name of its CSV column. */
  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
