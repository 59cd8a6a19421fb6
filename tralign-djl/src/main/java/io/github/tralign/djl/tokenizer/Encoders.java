package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.InvalidInputException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads tokenizers so that none of them can end this process: each is tried in another one first,
 * and those of unusual kinds stay there.
 */
final class Encoders {

  private static final Logger LOG = LoggerFactory.getLogger(Encoders.class);

  private Encoders() {}

  /**
   * Loads a tokenizer.
   *
   * @param file for complaints
   * @param tokenizer a whole {@code tokenizer.json}
   * @throws InvalidInputException if the tokenizers library refuses it, crashes, or takes too long
   */
  static Encoder open(Path file, JsonNode tokenizer) {
    return new ClosableEncoder(load(file, tokenizer));
  }

  private static Encoder load(Path file, JsonNode tokenizer) {
    String json = tokenizer.toString();
    try {
      boolean tried = TokenizerTrial.pass(json, Probes.of(tokenizer));
      if (DependableKinds.contains(tokenizer)) {
        return new LibraryEncoder(json);
      }
      Optional<Encoder> apart = tried ? ProcessEncoder.start(json) : Optional.empty();
      return apart.orElseGet(() -> untried(file, json));
    } catch (TokenizerProcess.Died e) {
      throw new InvalidInputException(file + ": this tokenizer cannot be used: " + e.getMessage());
    } catch (RuntimeException e) {
      throw new InvalidInputException(
          file + ": not a tokenizer that the tokenizers library reads: " + e.getMessage(), e);
    }
  }

  private static Encoder untried(Path file, String json) {
    LOG.warn(
        "{}: no Java can be started to keep this kind of tokenizer in a process of its own; a fault"
            + " in it would end this one",
        file);
    return new LibraryEncoder(json);
  }
}
