package io.github.tralign.djl.tokenizer;

import io.github.tralign.data.TokenizationException;
import java.util.List;

/** A loaded tokenizer. Safe for use by several threads. */
interface Encoder extends AutoCloseable {

  /**
   * The tokens of each text, in order.
   *
   * @param addSpecialTokens whether the post-processor adds its tokens
   * @throws TokenizationException if a text cannot be encoded
   */
  List<int[]> encode(List<String> texts, boolean addSpecialTokens);

  /** Whether it is worth while to encode a text word by word. */
  boolean isNear();

  @Override
  void close();
}
