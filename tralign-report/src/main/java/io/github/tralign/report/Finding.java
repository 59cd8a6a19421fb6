package io.github.tralign.report;

/**
 * An observation about a run.
 *
 * @param warning whether it may be a problem; else it explains how to read the metrics
 * @param title what was observed, with numbers
 * @param text what it means and what to do
 * @param threshold when the finding is shown, and why; empty if there is no threshold
 */
public record Finding(boolean warning, String title, String text, String threshold) {

  static Finding warning(String title, String text, String threshold) {
    return new Finding(true, title, text, threshold);
  }

  static Finding note(String title, String text, String threshold) {
    return new Finding(false, title, text, threshold);
  }
}
