package io.github.tralign.djl.generate;

import io.github.tralign.generate.GeneratedToken;

/** Receives the text of completions; see {@link TextGeneration}. */
public interface TextListener {

  /**
   * Called for each new token, the end token included.
   *
   * @param sample the number of the sample, from 0
   * @param text what follows the text of the calls before; empty where it is not certain yet
   * @return whether the sample continues
   */
  default boolean token(int sample, GeneratedToken token, String text) {
    return true;
  }

  /** Called when a sample has ended. */
  void finished(int sample, GeneratedText text);

  /** Called when the request cannot be completed; no other call follows. */
  default void failed(RuntimeException reason) {
    throw reason;
  }
}
