package io.github.tralign.data;

import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.RowFault;

/** What became of a row when its texts were tokenized. */
sealed interface TokenizedRow {

  /**
   * It is an example.
   *
   * @param promptCut whether the prompt lost tokens to its maximal length
   * @param completionsCut how many completions lost their end
   * @param boundaryMerge whether a token spans the end of the prompt
   */
  record Used(Example example, boolean promptCut, int completionsCut, boolean boundaryMerge)
      implements TokenizedRow {}

  /** Its texts cannot be tokenized. */
  record Faulty(RowFault fault) implements TokenizedRow {}

  /** It is sound, but leaves nothing to learn. */
  record Dropped(DropReason reason, String origin) implements TokenizedRow {}
}
