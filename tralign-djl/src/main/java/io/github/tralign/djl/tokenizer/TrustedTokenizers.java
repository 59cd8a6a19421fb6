package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The kinds of tokenizers that no text can make crash or hang: those of nearly all language models.
 * Excluded are unknown regular expressions, whose backtracking is unbounded, parts with tables that
 * may be invalid, and replacements that make a text many times as long.
 */
final class TrustedTokenizers {

  private static final ImmutableSet<String> NORMALIZERS =
      ImmutableSet.of("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "Prepend");

  private static final ImmutableSet<String> SPLITS =
      ImmutableSet.of(
          "ByteLevel", "Metaspace", "Whitespace", "WhitespaceSplit", "Digits", "Punctuation");

  /** How many times as long all replacements together may make a text. */
  private static final double MOST_GROWTH = 8;

  private TrustedTokenizers() {}

  /** Whether a {@code tokenizer.json} is of these kinds. */
  static boolean contains(JsonNode tokenizer) {
    return isModel(tokenizer.path("model"))
        && isPart(tokenizer.path("normalizer"), "normalizers", NORMALIZERS)
        && growth(tokenizer.path("normalizer")) <= MOST_GROWTH
        && isPart(tokenizer.path("pre_tokenizer"), "pretokenizers", SPLITS);
  }

  /** How many times as long a normalizer can make a text; one replacement feeds the next. */
  private static double growth(JsonNode normalizer) {
    if (normalizer.path("type").asText().equals("Replace")) {
      JsonNode pattern = normalizer.path("pattern");
      int least = Math.max(1, pattern.path("String").asText().length());
      return Math.max(1, (double) normalizer.path("content").asText().length() / least);
    }
    double product = 1;
    for (JsonNode part : normalizer.path("normalizers")) {
      product *= growth(part);
    }
    return product;
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
