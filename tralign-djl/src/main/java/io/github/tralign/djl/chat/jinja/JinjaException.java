package io.github.tralign.djl.chat.jinja;

import java.util.Optional;

/** A template is invalid, fails, or rejects its input. */
public final class JinjaException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean raised;
  private final int line;

  /** Longest message, in characters; a template may produce messages of any length. */
  private static final int MAX_MESSAGE = 1000;

  private JinjaException(String message, boolean raised, int line) {
    super(shortened(message, MAX_MESSAGE));
    this.raised = raised;
    this.line = line;
  }

  JinjaException(String message) {
    this(message, false, 0);
  }

  /** An error raised by the template itself with {@code raise_exception}. */
  static JinjaException raised(String message) {
    return new JinjaException(message, true, 0);
  }

  /** A feature of jinja2 that is not supported. */
  static JinjaException unsupported(String what) {
    return new JinjaException(what + " is not supported in chat templates");
  }

  /** The text, cut to at most {@code characters}. */
  static String shortened(String text, int characters) {
    return text.length() <= characters ? text : text.substring(0, characters) + "…";
  }

  JinjaException at(int inLine) {
    return line > 0 ? this : new JinjaException(getMessage(), raised, inLine);
  }

  @Override
  public String getMessage() {
    return Optional.ofNullable(super.getMessage()).orElse("");
  }

  /** Whether the template raised the error with {@code raise_exception} because of its input. */
  public boolean isRaised() {
    return raised;
  }

  /** The line in the template, from 1; 0 if unknown. */
  public int line() {
    return line;
  }
}
