package io.github.tralign.djl.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Where a text can be cut so that its parts, encoded one by one, give the tokens of the whole.
 *
 * <p>A byte-level tokenizer splits a text by a regular expression, from the left to the right and
 * without looking back, before it merges anything. So there is a split wherever a piece is bound to
 * end whatever follows: before a line feed, after a character that no alternative of the expression
 * takes a line feed behind. GPT-2's takes none behind any character but blanks; those of Llama 3
 * and Qwen 2 none behind letters and digits. NFC never composes a line feed with anything, and a
 * token that is looked for in the whole text first must hold a line feed to lie over the cut, or
 * take blanks along; a tokenizer with such tokens, or of any other kind, is never cut.
 */
final class SafeCuts {

  private static final Set<String> LETTERS_APART =
      Set.of(
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  private final IntPredicate endsPiece;

  private SafeCuts(IntPredicate endsPiece) {
    this.endsPiece = endsPiece;
  }

  /** The rule for a {@code tokenizer.json}. */
  static SafeCuts of(JsonNode tokenizer) {
    boolean plain =
        tokenizer.path("model").path("type").asText().equals("BPE")
            && tokenizer.path("model").path("dropout").asDouble() == 0
            && keepsCharacters(tokenizer.path("normalizer"))
            && keepsToThemselves(tokenizer.path("added_tokens"));
    JsonNode split = tokenizer.path("pre_tokenizer");
    if (plain && isByteLevel(split, true)) {
      return new SafeCuts(c -> c > ' ' && c < 0x7f);
    } else if (plain && isLettersApart(split)) {
      return new SafeCuts(SafeCuts::isAsciiWord);
    }
    return new SafeCuts(c -> false);
  }

  /** The last place in {@code text} where it can be cut whatever follows it; 0 if there is none. */
  int last(String text) {
    for (int at = text.lastIndexOf('\n'); at > 0; at = text.lastIndexOf('\n', at - 1)) {
      if (endsPiece.test(text.charAt(at - 1))) {
        return at;
      }
    }
    return 0;
  }

  private static boolean isAsciiWord(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  private static boolean keepsCharacters(JsonNode normalizer) {
    return normalizer.isMissingNode()
        || normalizer.isNull()
        || normalizer.path("type").asText().equals("NFC");
  }

  private static boolean keepsToThemselves(JsonNode addedTokens) {
    for (JsonNode token : addedTokens) {
      if (token.path("lstrip").asBoolean()
          || token.path("rstrip").asBoolean()
          || token.path("single_word").asBoolean()
          || token.path("content").asText().contains("\n")) {
        return false;
      }
    }
    return true;
  }

  private static boolean isByteLevel(JsonNode split, boolean byRegex) {
    return split.path("type").asText().equals("ByteLevel")
        && !split.path("add_prefix_space").asBoolean(true)
        && split.path("use_regex").asBoolean(true) == byRegex;
  }

  private static boolean isLettersApart(JsonNode sequence) {
    JsonNode steps = sequence.path("pretokenizers");
    JsonNode split = steps.path(0);
    return sequence.path("type").asText().equals("Sequence")
        && steps.size() == 2
        && split.path("type").asText().equals("Split")
        && split.path("behavior").asText().equals("Isolated")
        && !split.path("invert").asBoolean()
        && LETTERS_APART.contains(split.path("pattern").path("Regex").asText())
        && isByteLevel(steps.path(1), false);
  }
}
