package io.github.tralign.generate;

/** Receives the tokens and completions of a {@link GenerationRequest}. */
public interface GenerationListener {

  /**
   * Called for each new token, end tokens included.
   *
   * @param sample the number of the sample, from 0
   * @return whether the sample continues
   */
  default boolean token(int sample, GeneratedToken token) {
    return true;
  }

  /** Called when a sample has ended. */
  void finished(int sample, Completion completion);

  /** Called when the request cannot be completed; no other call follows. */
  default void failed(RuntimeException reason) {
    throw reason;
  }
}
