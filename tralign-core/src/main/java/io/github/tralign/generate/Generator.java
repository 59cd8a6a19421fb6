package io.github.tralign.generate;

/**
 * Generates completions of many requests at once. Each {@link #step} computes one token of every
 * running sample in one pass; samples that end leave, and those of waiting requests take their
 * place, in the order in which they were added, as long as there is room in the session.
 *
 * <p>Not thread-safe: a server calls it from one thread.
 */
public final class Generator implements AutoCloseable {

  /** Generates in a session, which the caller closes. */
  public Generator(DecodingSession session) {
    this(session, 4096);
  }

  /**
   * The same with another bound on the tokens of prompts in one pass.
   *
   * @param maxPassTokens the number of prompt tokens that are computed in one pass with the running
   *     samples, ≥ 1; a longer prompt has a pass of its own
   */
  public Generator(DecodingSession session, int maxPassTokens) {
    throw new UnsupportedOperationException(session.toString() + maxPassTokens);
  }

  /**
   * Adds a request; it starts as soon as there is room.
   *
   * @throws IllegalArgumentException if the prompt with its completions can never fit in the
   *     session
   */
  public void add(GenerationRequest request, GenerationListener listener) {
    throw new UnsupportedOperationException(request.toString() + listener);
  }

  /**
   * Computes the next token of every running sample.
   *
   * @return whether there is anything left to do
   */
  public boolean step() {
    throw new UnsupportedOperationException();
  }

  /** Drops all requests and releases their sequences; the session stays open. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
