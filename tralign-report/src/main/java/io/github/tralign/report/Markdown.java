package io.github.tralign.report;

/** Texts of others within Markdown, in which they must not become markup. */
final class Markdown {

  private Markdown() {}

  /**
   * The text in one line, for a heading, a cell or the midst of a sentence, with what is markup to
   * Markdown, HTML or a formula escaped. An underscore within a word is none.
   */
  static String text(String text) {
    return Shown.text(text)
        .strip()
        .replaceAll("\\s+", " ")
        .replaceAll("[\\\\`*\\[\\]<>|&~$]|(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])", "\\\\$0");
  }

  /** The text as code, in which nothing is markup; the marks of code are left out of it. */
  static String code(String text) {
    return "`" + Shown.text(text).replaceAll("[`\\s]+", " ").strip() + "`";
  }
}
