package io.github.tralign.djl.text;

import com.fasterxml.jackson.databind.JsonNode;

/** The highest token id that a {@code tokenizer.json} can give, plus one. */
final class VocabularySize {

  private VocabularySize() {}

  static int of(JsonNode tokenizer) {
    JsonNode vocabulary = tokenizer.path("model").path("vocab");
    int size = vocabulary.isArray() ? vocabulary.size() : 0; // Unigram: [[piece, score], …]
    if (vocabulary.isObject()) {
      for (JsonNode id : vocabulary) {
        size = Math.max(size, id.asInt() + 1);
      }
    }
    for (JsonNode token : tokenizer.path("added_tokens")) {
      size = Math.max(size, token.path("id").asInt() + 1);
    }
    return size;
  }
}
