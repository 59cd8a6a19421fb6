package io.github.tralign.generate;

import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.NextToken;

/** What a pass computes: a prompt or the last token of a sample. */
interface PassRow {

  /** The request that it is a part of. */
  Job job();

  /** The tokens to compute. */
  Extension extension();

  /** Receives the distribution of the token after them. */
  void accept(NextToken next);
}
