package io.github.tralign.djl.chat.jinja;

import java.util.Optional;

/** A template that cannot be read or run, or that refuses what it is given. */
public final class TemplateFault extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean refusal;
  private final int line;

  /** Of what a message quotes, which a template may make as long as it likes. */
  private static final int MAX_MESSAGE = 1000;

  private TemplateFault(String message, boolean refusal, int line) {
    super(shortened(message, MAX_MESSAGE));
    this.refusal = refusal;
    this.line = line;
  }

  TemplateFault(String message) {
    this(message, false, 0);
  }

  /** What {@code raise_exception} says: the template itself does not take its input. */
  static TemplateFault refusal(String message) {
    return new TemplateFault(message, true, 0);
  }

  /** Something that jinja2 knows and this package does not. */
  static TemplateFault unsupported(String what) {
    return new TemplateFault(what + " is not supported in chat templates here");
  }

  /** A text without what is behind so many characters. */
  static String shortened(String text, int characters) {
    return text.length() <= characters ? text : text.substring(0, characters) + "…";
  }

  TemplateFault at(int inLine) {
    return line > 0 ? this : new TemplateFault(getMessage(), refusal, inLine);
  }

  @Override
  public String getMessage() {
    return Optional.ofNullable(super.getMessage()).orElse("");
  }

  /** Whether the template refused its input, rather than being invalid itself. */
  public boolean isRefusal() {
    return refusal;
  }

  /** The template's line, from 1; 0 if there is none. */
  public int line() {
    return line;
  }
}
