package io.github.tralign.toy;

import java.util.Locale;

/** What is measured of a run after each step. */
enum Measure {
  /** Probability of all sequences but the chosen and the rejected one. */
  OUT_OF_DATA,
  /** The part of it that leaves the chosen sequence before the rejected one does. */
  BEFORE_FORK,
  /** The part of it that leaves the chosen sequence where the rejected one does. */
  AT_FORK,
  /** The part of it that leaves the chosen sequence after the rejected one has. */
  BEHIND_FORK,
  /** Probability of the chosen sequence. */
  CHOSEN,
  /** Probability of the rejected sequence. */
  REJECTED,
  /**
   * {@code h = a − b}, the margin against the current reference that the step's gradient was taken
   * at; 0 before the first step.
   */
  MARGIN,
  /** {@code |∂L/∂a|} there: how hard the step pulled at the chosen sequence. */
  GRADIENT_WEIGHT,
  /** {@code |∂L/∂b|} there: how hard it pushed the rejected sequence down. */
  REJECTED_GRADIENT_WEIGHT,
  /** {@code ∂²L/∂a²} there. */
  HESSIAN_WEIGHT;

  /** The head of its column. */
  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
