package io.github.tralign.djl.tokenizer;

import io.github.tralign.data.TokenizationException;
import java.util.List;

/** A loaded tokenizer. Safe for use by several threads. */
interface Encoder extends AutoCloseable {

  /**
   * The token ids of each text, in order.
   *
   * @param addSpecialTokens whether the post-processor adds its tokens
   * @throws TokenizationException if a text cannot be encoded
   */
  List<int[]> encode(List<String> texts, boolean addSpecialTokens);

  /** The text of tokens, special tokens included; ids that no token has are left out. */
  String decode(int[] tokens);

  /** Whether it runs in this process, so that single words can be encoded at little cost. */
  boolean isInProcess();

  @Override
  void close();
}
