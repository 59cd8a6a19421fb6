package io.github.tralign.report;

/**
 * Something about a run that a person should know.
 *
 * @param warning whether something may be wrong; else it is how to read the figures
 * @param title what was seen, with its figures
 * @param text what it means and what to do
 */
public record Finding(boolean warning, String title, String text) {

  static Finding warning(String title, String text) {
    return new Finding(true, title, text);
  }

  static Finding note(String title, String text) {
    return new Finding(false, title, text);
  }
}
