package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.huggingface.TokenizerFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the text of the end-of-sequence token, first in the tokenizer's files, then in the model's.
 */
final class EndOfSequence {

  private static final String NAME = "eos_token";
  private static final String ID = "eos_token_id";

  private EndOfSequence() {}

  /**
   * The text, which is a single token.
   *
   * @throws InvalidInputException if none is set, or the text is not a single token
   * @param added the ids of the added tokens
   */
  static String of(
      TokenizerFiles files,
      EffectiveTokenizer tokenizer,
      Map<String, Integer> added,
      Encoder encoder) {
    String named = tokenizer.special().texts().get(NAME);
    if (named != null) {
      return single(tokenizer.special().fileOf(NAME), NAME, named, encoder);
    }
    return numbered(files.generation(), tokenizer.json(), added, encoder)
        .or(() -> numbered(files.model(), tokenizer.json(), added, encoder))
        .orElseThrow(
            () ->
                new InvalidInputException(
                    files.settings().file()
                        + ": no end-of-sequence token is set; expected eos_token in tokenizer_config.json, or"
                        + " eos_token_id in generation_config.json or config.json"));
  }

  /** From {@code eos_token_id}: a number, or a list whose first number is used. */
  private static Optional<String> numbered(
      ConfigJson config, JsonNode tokenizer, Map<String, Integer> added, Encoder encoder) {
    List<Integer> ids = config.intOrInts(ID);
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    String text =
        text(tokenizer, added, ids.get(0))
            .orElseThrow(() -> config.unexpected(ID, "a token id of the tokenizer"));
    return Optional.of(single(config, ID, text, encoder));
  }

  private static String single(ConfigJson file, String key, String text, Encoder encoder) {
    int tokens = encoder.encode(List.of(text), false).get(0).length;
    if (tokens != 1) {
      throw file.unexpected(
          key, "a single token; the tokenizer splits '" + text + "' into " + tokens + " tokens");
    }
    return text;
  }

  private static Optional<String> text(JsonNode tokenizer, Map<String, Integer> added, int id) {
    for (Map.Entry<String, Integer> token : added.entrySet()) {
      if (token.getValue() == id) {
        return Optional.of(token.getKey());
      }
    }
    for (Map.Entry<String, JsonNode> entry : tokenizer.path("model").path("vocab").properties()) {
      if (entry.getValue().asInt(-1) == id) {
        return Optional.of(entry.getKey());
      }
    }
    return Optional.empty();
  }
}
