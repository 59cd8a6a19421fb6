package io.github.tralign.djl.generate;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.tokenizer.TextStream;
import java.util.List;

/**
 * The text of a completion that grows token by token, up to the first stop string. Text that may
 * turn out to be the beginning of a stop string is held back.
 */
final class CompletionText {

  private final TextStream tokens;
  private final ImmutableList<String> stops;
  private final int longest; // stop string
  private final StringBuilder text = new StringBuilder();
  private int given; // length of the text that was returned
  private boolean stopped;

  /**
   * An empty completion.
   *
   * @param stops none of them empty
   */
  CompletionText(TextStream tokens, List<String> stops) {
    this.tokens = tokens;
    this.stops = ImmutableList.copyOf(stops);
    this.longest = stops.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Adds a token, and returns the text that is certain now. */
  String add(int token) {
    append(tokens.add(token));
    return give(stopped ? text.length() : text.length() - heldBack());
  }

  /** The rest of the text, when no token follows. */
  String end() {
    if (!stopped) {
      append(tokens.end());
    }
    return give(text.length());
  }

  /** Whether a stop string was found; it and what follows are cut off. */
  boolean stopped() {
    return stopped;
  }

  /** The whole text so far. */
  String text() {
    return text.toString();
  }

  private void append(String part) {
    int from = Math.max(0, text.length() - longest + 1);
    text.append(part);
    int cut =
        stops.stream()
            .mapToInt(it -> text.indexOf(it, from))
            .filter(it -> it >= 0)
            .min()
            .orElse(-1);
    if (cut >= 0) {
      stopped = true;
      text.setLength(cut);
    }
  }

  /** The length of the longest end of the text with which a stop string begins. */
  private int heldBack() {
    for (int length = Math.min(longest - 1, text.length()); length > 0; length--) {
      String end = text.substring(text.length() - length);
      if (stops.stream().anyMatch(it -> it.startsWith(end))) {
        return length;
      }
    }
    return 0;
  }

  private String give(int to) {
    String part = text.substring(Math.min(given, to), to);
    given = Math.max(given, to);
    return part;
  }
}
