package io.github.tralign.generate;

import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.NextToken;

/** What a pass computes: a prompt or the last token of a sample. */
interface PassRow {

  /** The request that it is a part of. */
  Job job();

  /** The tokens to compute. */
  Extension extension();

  /**
   * Chooses the token after them, in any thread.
   *
   * @param next its distribution
   * @return run in the generator's thread, it adds the token
   */
  Runnable choose(NextToken next);
}
