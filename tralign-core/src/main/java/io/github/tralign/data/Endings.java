package io.github.tralign.data;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableSet;
import java.util.List;

/**
 * How completions end: with one token that ends them, neither forgotten nor twice.
 *
 * <p>To a text the end-of-sequence token is appended, unless the text ends with it or the tokenizer
 * puts it behind every text itself. A conversation ends as its template ends it: up to the last
 * special token, without the blanks behind; where the template writes none at the end, the
 * end-of-sequence token is appended.
 */
final class Endings {

  private final String end;
  private final boolean addedByTokenizer;
  private final ImmutableSet<String> specialTokens;

  Endings(Tokenizer tokenizer) {
    end = tokenizer.endOfSequence();
    specialTokens = tokenizer.specialTokens();
    int[] ended = tokenizer.encodeWritten(List.of(end)).get(0);
    int[] text = tokenizer.encode("a");
    addedByTokenizer =
        ended.length > 0 && text.length > 1 && text[text.length - 1] == ended[ended.length - 1];
  }

  String ofText(String completion) {
    boolean ends = completion.endsWith(end);
    if (addedByTokenizer) {
      return ends ? completion.substring(0, completion.length() - end.length()) : completion;
    }
    return ends ? completion : completion + end;
  }

  /**
   * A conversation as it is encoded.
   *
   * @param promptLength characters of it that are no answer
   */
  String ofChat(String whole, int promptLength) {
    String text = CharMatcher.whitespace().trimTrailingFrom(whole);
    boolean ends =
        text.length() > promptLength
            && (text.endsWith(end) || specialTokens.stream().anyMatch(text::endsWith));
    return ends ? text : whole + end;
  }

  /** Whether the tokenizer itself puts the end-of-sequence token behind every text. */
  boolean addedByTokenizer() {
    return addedByTokenizer;
  }
}
