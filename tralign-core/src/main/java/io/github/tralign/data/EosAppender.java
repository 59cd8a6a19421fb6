package io.github.tralign.data;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableSet;
import java.util.List;

/**
 * Makes each completion end with exactly one token that ends it.
 *
 * <p>The end-of-sequence token is appended to a text, unless the text already ends with it or the
 * tokenizer appends it. A conversation ends with the last special token that its template writes,
 * without the white space after it; if the template writes none at the end, the end-of-sequence
 * token is appended.
 */
final class EosAppender {

  private final String end;
  private final boolean addedByTokenizer;
  private final ImmutableSet<String> specialTokens;

  EosAppender(Tokenizer tokenizer) {
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
   * A conversation as it is tokenized.
   *
   * @param promptLength number of its characters before the answer
   */
  String ofChat(String whole, int promptLength) {
    String text = CharMatcher.whitespace().trimTrailingFrom(whole);
    boolean ends =
        text.length() > promptLength
            && (text.endsWith(end) || specialTokens.stream().anyMatch(text::endsWith));
    return ends ? text : whole + end;
  }

  /** Whether the tokenizer itself appends the end-of-sequence token to every text. */
  boolean addedByTokenizer() {
    return addedByTokenizer;
  }
}
