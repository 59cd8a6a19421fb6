package io.github.tralign.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns text into token ids.
 *
 * <p>The core needs no more of a tokenizer than this; an engine brings the implementation. Encoding
 * is a pure function of the text: the same text always gives the same ids.
 */
public interface Tokenizer {

  /**
   * Encodes one text, with whatever the tokenizer's own post-processor adds (such as a token that
   * begins a sequence) and nothing else. Special tokens that are spelled out in the text are
   * recognised.
   *
   * @return ids in {@code [0, vocabularySize())}; empty only if the text gives no token
   */
  int[] encode(String text);

  /**
   * Encodes each text as {@link #encode} does, in order. An implementation that is faster on many
   * texts at once overrides this.
   */
  default List<int[]> encodeAll(List<String> texts) {
    List<int[]> encoded = new ArrayList<>(texts.size());
    for (String text : texts) {
      encoded.add(encode(text));
    }
    return encoded;
  }

  /** The text of the token that ends a sequence, such as {@code <|endoftext|>}. Never empty. */
  String endOfSequence();

  /** The highest id that {@link #encode} can return, plus one. */
  int vocabularySize();
}
