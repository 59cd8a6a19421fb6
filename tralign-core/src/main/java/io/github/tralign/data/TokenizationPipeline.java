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
 * Tokenizes rows on a separate thread while the caller reads the next ones. Results are in the
 * order of the input. When they are returned depends on counts, not on the speed of the threads, so
 * that the caller's sequence of actions is deterministic.
 */
final class TokenizationPipeline implements AutoCloseable {

  /** Number of rows tokenized at a time, for tokenizers that work in parallel. */
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

  /** Number of rows whose result has not been returned. */
  int rows() {
    return rows;
  }

  /** Whether another row may be added before results are taken. */
  boolean hasRoom() {
    return chunks.size() < CHUNKS_AHEAD;
  }

  /** Adds a row. */
  void put(RowTexts row) {
    filling.add(row);
    rows++;
    if (filling.size() == CHUNK_ROWS) {
      submit();
    }
  }

  /**
   * The next results; waits for them. Empty if there are none.
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

  /**
   * Discards the remaining results and waits for the thread to end; the tokenizer is then unused.
   */
  @Override
  public void close() {
    chunks.forEach(chunk -> chunk.cancel(false));
    thread.shutdown();
    Uninterruptibles.awaitTerminationUninterruptibly(thread);
  }
}
