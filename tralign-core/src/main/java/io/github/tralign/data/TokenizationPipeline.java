package io.github.tralign.data;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tokenizes rows on a thread of its own while the caller reads the next ones. What comes out is in
 * the order of what went in; when is decided by counts, not by which thread is faster, so that the
 * caller does the same things in the same order each time.
 */
final class TokenizationPipeline implements AutoCloseable {

  /** Rows are tokenized so many at a time, for the sake of tokenizers that work in parallel. */
  private static final int CHUNK_ROWS = 64;

  private static final int CHUNKS_AHEAD = 4;

  private final TextTokenizer tokenizer;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          new ThreadFactoryBuilder().setNameFormat("tralign-tokenizer").setDaemon(true).build());
  private final Queue<Future<List<TokenizedRow>>> chunks = new ArrayDeque<>();
  private List<RowTexts> filling = new ArrayList<>(CHUNK_ROWS);
  private int rows;

  TokenizationPipeline(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Rows that went in and have not come out. */
  int rows() {
    return rows;
  }

  /** Whether another row may go in before others come out. */
  boolean hasRoom() {
    return chunks.size() < CHUNKS_AHEAD;
  }

  /** A row goes in. */
  void put(RowTexts row) {
    filling.add(row);
    rows++;
    if (filling.size() == CHUNK_ROWS) {
      submit();
    }
  }

  /**
   * The rows that come out next; waits for them. None if none went in.
   *
   * @throws CancellationException if the caller's thread was interrupted
   */
  List<TokenizedRow> take() {
    if (chunks.isEmpty()) {
      submit();
    }
    try {
      List<TokenizedRow> done = chunks.remove().get();
      rows -= done.size();
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the reading was interrupted");
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
      throw new IllegalStateException(e);
    }
  }

  private void submit() {
    List<RowTexts> chunk = filling;
    filling = new ArrayList<>(CHUNK_ROWS);
    chunks.add(thread.submit(() -> tokenizer.tokenize(chunk)));
  }

  /** Leaves what has not come out, and waits for the thread to end: nobody uses the tokenizer. */
  @Override
  public void close() {
    chunks.forEach(chunk -> chunk.cancel(false));
    thread.shutdown();
    Uninterruptibles.awaitTerminationUninterruptibly(thread);
  }
}
