package io.github.tralign.data;

import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.RowFault;

/** The result of tokenizing a row. */
sealed interface TokenizedRow {

  /**
   * The row became an example.
   *
   * @param promptCut whether the prompt was truncated
   * @param completionsCut number of truncated completions
   * @param boundaryMerge whether a token spans the end of the prompt
   */
  record Used(Example example, boolean promptCut, int completionsCut, boolean boundaryMerge)
      implements TokenizedRow {}

  /** The row's texts cannot be tokenized. */
  record Faulty(RowFault fault) implements TokenizedRow {}

  /** The row is valid, but leaves nothing to learn. */
  record Dropped(DropReason reason, String origin) implements TokenizedRow {}
}
