package io.github.tralign.djl.tokenizer;

import io.github.tralign.data.TokenizationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer that runs in a separate process, for kinds that some text may make crash or hang.
 * Such a text is reported as an error, and a new process is started.
 */
final class ProcessEncoder implements Encoder {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final String json;
  private @Nullable TokenizerProcess process;

  private ProcessEncoder(String json) {
    this.json = json;
  }

  /** Starts the process; empty if no process can be started. */
  static Optional<Encoder> start(String json) throws TokenizerProcess.Died {
    ProcessEncoder encoder = new ProcessEncoder(json);
    encoder.process = encoder.fresh().orElse(null);
    return encoder.process == null ? Optional.empty() : Optional.of(encoder);
  }

  private Optional<TokenizerProcess> fresh() throws TokenizerProcess.Died {
    Optional<TokenizerProcess> started = TokenizerProcess.start();
    if (started.isPresent()) {
      started.get().load(json, LIMIT);
    }
    return started;
  }

  @Override
  public synchronized List<int[]> encode(List<String> texts, boolean addSpecialTokens) {
    try {
      return outcomes(texts, addSpecialTokens).stream()
          .map(TokenizerProcess.Outcome::orThrow)
          .toList();
    } catch (TokenizerProcess.Died e) {
      close();
      if (texts.size() == 1) {
        throw new TokenizationException(texts.get(0), String.valueOf(e.getMessage()), e);
      }
    }
    List<int[]> encoded =
        new ArrayList<>(texts.size()); // one by one, to find the text that caused it
    texts.forEach(text -> encoded.addAll(encode(List.of(text), addSpecialTokens)));
    return encoded;
  }

  private List<TokenizerProcess.Outcome> outcomes(List<String> texts, boolean addSpecialTokens)
      throws TokenizerProcess.Died {
    return process().encode(texts, addSpecialTokens, LIMIT);
  }

  private TokenizerProcess process() throws TokenizerProcess.Died {
    TokenizerProcess running = process;
    if (running == null) {
      running =
          fresh()
              .orElseThrow(
                  () -> new IllegalStateException("no process for the tokenizer can be started"));
      process = running;
    }
    return running;
  }

  @Override
  public synchronized String decode(int[] tokens) {
    try {
      return process().decode(tokens, LIMIT);
    } catch (TokenizerProcess.Died e) {
      close();
      throw new IllegalStateException("the tokenizer cannot decode tokens: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean isInProcess() {
    return false;
  }

  @Override
  public synchronized void close() {
    if (process != null) {
      process.close();
      process = null;
    }
  }
}
