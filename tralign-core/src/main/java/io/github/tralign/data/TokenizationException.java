package io.github.tralign.data;

import io.github.tralign.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** A text that a {@link Tokenizer} cannot encode. Readers add the location of the row. */
public final class TokenizationException extends InvalidInputException {

  private static final long serialVersionUID = 1;
  private static final int SHOWN = 40;

  private final String text;
  private final String reason;

  /**
   * Creates an exception for a text.
   *
   * @param reason such as {@code it has 2,000,000 characters; at most 1,000,000 are encoded}
   */
  public TokenizationException(String text, String reason, @Nullable Throwable cause) {
    super(
        "a text cannot be tokenized: " + reason + "; it begins with '" + beginning(text) + "'",
        cause);
    this.text = text;
    this.reason = reason;
  }

  /** The text that was passed to the tokenizer. */
  public String text() {
    return text;
  }

  /** What is wrong with it. */
  public String reason() {
    return reason;
  }

  private static String beginning(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }
}
