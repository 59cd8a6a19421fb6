package io.github.tralign.djl.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The tokens that a {@code tokenizer.json} lists beside its vocabulary. */
final class AddedTokens {

  private AddedTokens() {}

  /** The texts of those that are no words but signs, such as {@code <|im_end|>}. */
  static ImmutableSet<String> special(JsonNode tokenizer) {
    ImmutableSet.Builder<String> special = ImmutableSet.builder();
    for (JsonNode token : tokenizer.path("added_tokens")) {
      if (token.path("special").asBoolean() && !token.path("content").asText().isEmpty()) {
        special.add(token.path("content").asText());
      }
    }
    return special.build();
  }

  /** The id of a token by its text. */
  static OptionalInt id(JsonNode tokenizer, @Nullable String text) {
    for (JsonNode token : tokenizer.path("added_tokens")) {
      if (token.path("content").asText().equals(text)) {
        return OptionalInt.of(token.path("id").asInt());
      }
    }
    return OptionalInt.empty();
  }
}
