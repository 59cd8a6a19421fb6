package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.InvalidInputException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads tokenizers such that none can crash this process: each is first tried in a separate
 * process, and those of unusual kinds always run there.
 */
final class Encoders {

  private static final Logger LOG = LoggerFactory.getLogger(Encoders.class);

  private Encoders() {}

  /**
   * Loads a tokenizer.
   *
   * @param file the tokenizer's file, for messages
   * @param tokenizer the content of a {@code tokenizer.json}
   * @throws InvalidInputException if the tokenizers library rejects it, crashes or takes too long
   */
  static Encoder open(Path file, JsonNode tokenizer) {
    return new ClosableEncoder(load(file, tokenizer));
  }

  private static Encoder load(Path file, JsonNode tokenizer) {
    String json = tokenizer.toString();
    try {
      boolean tried = TokenizerTrial.pass(json, TrialTexts.of(tokenizer));
      if (TrustedTokenizers.contains(tokenizer)) {
        return new LibraryEncoder(json);
      }
      Optional<Encoder> apart = tried ? ProcessEncoder.start(json) : Optional.empty();
      return apart.orElseGet(() -> untried(file, json));
    } catch (TokenizerProcess.Died e) {
      throw new InvalidInputException(file + ": this tokenizer cannot be used: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw e; // the library itself, which every tokenizer needs
    } catch (RuntimeException e) {
      throw new InvalidInputException(
          file + ": the tokenizers library rejects this tokenizer: " + e.getMessage(), e);
    }
  }

  private static Encoder untried(Path file, String json) {
    LOG.warn(
        "{}: a tokenizer of this kind should run in a separate process, but none can be started; a"
            + " crash of the tokenizer would end this process",
        file);
    return new LibraryEncoder(json);
  }
}
