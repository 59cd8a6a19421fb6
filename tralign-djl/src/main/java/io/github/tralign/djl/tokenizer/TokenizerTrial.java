package io.github.tralign.djl.tokenizer;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tries a tokenizer in a separate process before it is used in this one: loads it and encodes some
 * texts. A tokenizer that passed is recorded. The process serves further trials until it has been
 * idle for a while.
 */
final class TokenizerTrial {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final TrialRecords RECORDS = TrialRecords.ofUser();

  private static final ScheduledExecutorService CLOSER =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tralign-tokenizer-trial");
            thread.setDaemon(true);
            return thread;
          });

  private static @Nullable TokenizerProcess process;
  private static @Nullable ScheduledFuture<?> closing;
  private static boolean possible = true;

  private TokenizerTrial() {}

  /**
   * Tries a tokenizer unless the same one has passed before.
   *
   * @param json the content of a {@code tokenizer.json}
   * @param probes the texts to encode
   * @return false if no process could be started, so the tokenizer was not tried
   * @throws TokenizerProcess.Died if the library crashes or takes too long
   * @throws RuntimeException if the library rejects the tokenizer
   */
  static boolean pass(String json, List<String> probes) throws TokenizerProcess.Died {
    String hash =
        Hashing.sha256()
            .hashString(LibraryEncoder.VERSION + "\n" + json, StandardCharsets.UTF_8)
            .toString();
    return RECORDS.contains(hash) || tryOut(json, probes, hash);
  }

  private static synchronized boolean tryOut(String json, List<String> probes, String hash)
      throws TokenizerProcess.Died {
    Optional<TokenizerProcess> other = process();
    if (other.isEmpty()) {
      return false;
    }
    try {
      other.get().load(json, LIMIT);
      other.get().encode(probes, true, LIMIT);
      other.get().encode(List.of("a", "ab c"), false, LIMIT);
    } catch (TokenizerProcess.Died e) {
      close();
      throw e;
    }
    closing = CLOSER.schedule(TokenizerTrial::close, IDLE.toMillis(), TimeUnit.MILLISECONDS);
    RECORDS.add(hash);
    return true;
  }

  private static Optional<TokenizerProcess> process() {
    if (closing != null) {
      closing.cancel(false);
    }
    if (process == null && possible) {
      process = TokenizerProcess.start().orElse(null);
      possible = process != null;
    }
    return Optional.ofNullable(process);
  }

  private static synchronized void close() {
    if (process != null) {
      process.close();
      process = null;
    }
  }
}
