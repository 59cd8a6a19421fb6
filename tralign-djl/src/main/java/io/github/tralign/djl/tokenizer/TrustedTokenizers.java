package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The kinds of tokenizers that no text can make crash or hang: those of nearly all language models.
 * Excluded are unknown regular expressions, whose backtracking is unbounded, and parts with tables
 * that may be invalid.
 */
final class TrustedTokenizers {

  private static final ImmutableSet<String> NORMALIZERS =
      ImmutableSet.of("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "Prepend");

  private static final ImmutableSet<String> SPLITS =
      ImmutableSet.of(
          "ByteLevel", "Metaspace", "Whitespace", "WhitespaceSplit", "Digits", "Punctuation");

  private TrustedTokenizers() {}

  /** Whether a {@code tokenizer.json} is of these kinds. */
  static boolean contains(JsonNode tokenizer) {
    return isModel(tokenizer.path("model"))
        && isPart(tokenizer.path("normalizer"), "normalizers", NORMALIZERS)
        && isPart(tokenizer.path("pre_tokenizer"), "pretokenizers", SPLITS);
  }

  private static boolean isModel(JsonNode model) {
    return switch (model.path("type").asText()) {
      case "BPE" ->
          model.path("continuing_subword_prefix").asText("").isEmpty()
              && model.path("end_of_word_suffix").asText("").isEmpty();
      case "WordLevel" -> true;
      default -> false;
    };
  }

  private static boolean isPart(JsonNode part, String parts, Set<String> kinds) {
    String type = part.path("type").asText();
    return switch (type) {
      case "" -> part.isNull() || part.isMissingNode();
      case "Sequence" ->
          StreamSupport.stream(part.path(parts).spliterator(), false)
              .allMatch(it -> isPart(it, parts, kinds));
      case "Replace", "Split" ->
          part.path("pattern").path("String").asText().length() > 0
              || SafeCuts.LETTERS_APART.contains(part.path("pattern").path("Regex").asText());
      default -> kinds.contains(type);
    };
  }
}
