package io.github.tralign.data;

import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The examples of rows, in order. Rows are read and rendered on the caller's thread, while earlier
 * ones are tokenized on another thread, also between calls. The number of queued rows depends on
 * counts only. Faults are reported on the caller's thread, in the order of the rows; valid rows are
 * counted when they are returned.
 */
final class TokenizedRows implements Iterator<Example>, AutoCloseable {

  private final RowReader rows;
  private final TokenizationPipeline pipeline;
  private final BiConsumer<Row, TokenizationPipeline> putting;
  private final Tally tally;
  private final Consumer<RowFault> faults;
  private final int limit;
  private final LongConsumer progress;
  private final Queue<TokenizedRow> tokenized = new ArrayDeque<>(); // the first one has been used
  private long examples; // returned or ready
  private boolean ended;

  TokenizedRows(
      RowReader rows,
      TokenizationPipeline pipeline,
      BiConsumer<Row, TokenizationPipeline> putting,
      Tally tally,
      Consumer<RowFault> faults,
      int limit,
      LongConsumer progress) {
    this.rows = rows;
    this.pipeline = pipeline;
    this.putting = putting;
    this.tally = tally;
    this.faults = faults;
    this.limit = limit;
    this.progress = progress;
  }

  @Override
  public boolean hasNext() {
    while (tokenized.isEmpty() && !ended) {
      if (pipeline.rows() > 0 || mayRead()) {
        turn();
      } else {
        ended = true;
        rows.sources().forEach(tally::source);
      }
    }
    return !tokenized.isEmpty();
  }

  /** Reads rows until the queue is full, and takes the next results. */
  private void turn() {
    while (pipeline.hasRoom() && mayRead()) {
      putting.accept(rows.next(), pipeline);
    }
    for (TokenizedRow row : pipeline.take()) {
      examples += row instanceof TokenizedRow.Used ? 1 : 0;
      tokenized.add(row);
    }
    progress.accept(tally.rows() + tokenized.size());
    dropUnused();
  }

  /** Every queued row may become an example. */
  private boolean mayRead() {
    return examples + pipeline.rows() < limit && rows.hasNext();
  }

  private void dropUnused() {
    while (tokenized.peek() != null && !(tokenized.peek() instanceof TokenizedRow.Used)) {
      TokenizedRow row = tokenized.remove();
      if (row instanceof TokenizedRow.Dropped dropped) {
        tally.dropped(dropped.reason(), dropped.origin());
      } else if (row instanceof TokenizedRow.Faulty faulty) {
        faults.accept(faulty.fault());
      }
    }
  }

  @Override
  public Example next() {
    if (!hasNext() || !(tokenized.remove() instanceof TokenizedRow.Used used)) {
      throw new NoSuchElementException("there are no more examples");
    }
    tally.used(used);
    dropUnused();
    return used.example();
  }

  /** Discards the remaining rows; the tokenizer is then unused. */
  @Override
  public void close() {
    try (rows) {
      pipeline.close();
    }
  }
}
