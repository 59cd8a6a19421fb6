package io.github.tralign.djl.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.checkpoint.ConfigJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The text of the token that ends a sequence: the tokenizer's word first, then the model's. */
final class EndOfSequence {

  private EndOfSequence() {}

  static String of(Path folder, JsonNode tokenizer) {
    return Optional.ofNullable(SpecialTokens.of(folder).get("eos_token"))
        .or(() -> numbered(folder.resolve("generation_config.json"), tokenizer))
        .or(() -> numbered(folder.resolve("config.json"), tokenizer))
        .orElseThrow(
            () ->
                new InvalidInputException(
                    folder
                        + ": nothing names the token that ends a sequence; expected eos_token in"
                        + " tokenizer_config.json or eos_token_id in config.json"));
  }

  /** {@code "eos_token_id": 2} or a list, whose first counts; an empty one names none. */
  private static Optional<String> numbered(Path file, JsonNode tokenizer) {
    Optional<ConfigJson> config = SpecialTokens.read(file);
    List<Integer> ids = config.map(it -> it.intOrInts("eos_token_id")).orElse(List.of());
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    int id = ids.get(0);
    Optional<String> text = text(tokenizer, id);
    if (text.isEmpty()) {
      throw new InvalidInputException(
          file + ": key 'eos_token_id' is " + id + ", which the tokenizer does not know");
    }
    return text;
  }

  private static Optional<String> text(JsonNode tokenizer, int id) {
    for (JsonNode token : tokenizer.path("added_tokens")) {
      if (token.path("id").asInt(-1) == id) {
        return Optional.of(token.path("content").asText());
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
