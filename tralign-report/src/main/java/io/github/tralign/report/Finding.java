package io.github.tralign.report;

/**
 * Something about a run that a person should know.
 *
 * @param warning whether something may be wrong; else it is how to read the figures
 * @param title what was seen, with its figures
 * @param text what it means and what to do
 * @param threshold from where on it is said, and why from there; empty where there is no threshold
 */
public record Finding(boolean warning, String title, String text, String threshold) {

  static Finding warning(String title, String text, String threshold) {
    return new Finding(true, title, text, threshold);
  }

  static Finding note(String title, String text, String threshold) {
    return new Finding(false, title, text, threshold);
  }
}
