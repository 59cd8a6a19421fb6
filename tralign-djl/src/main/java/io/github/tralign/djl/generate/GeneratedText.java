package io.github.tralign.djl.generate;

import static java.util.Objects.requireNonNull;

import io.github.tralign.generate.Completion;

/**
 * A completion as text.
 *
 * @param text the text of the new tokens, without the end token and from the first stop string on
 *     cut off
 * @param rest the end of the text, which was not passed on with a token
 * @param completion the tokens
 * @param stopString whether it ended with a stop string
 */
public record GeneratedText(String text, String rest, Completion completion, boolean stopString) {

  /** Nothing may be null. */
  public GeneratedText {
    requireNonNull(text, "text");
    requireNonNull(rest, "rest");
    requireNonNull(completion, "completion");
  }

  /**
   * Why it ended: {@code stop} for an end token, {@code stop_string}, {@code length}, or {@code
   * cancelled}.
   */
  public String finish() {
    if (stopString) {
      return "stop_string";
    }
    return switch (completion.finish()) {
      case END_TOKEN -> "stop";
      case LENGTH -> "length";
      case STOPPED -> "cancelled";
    };
  }
}
