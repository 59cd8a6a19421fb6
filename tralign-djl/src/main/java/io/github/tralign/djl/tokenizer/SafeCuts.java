package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * Finds positions where a text can be cut without changing its tokens: the tokens of both parts
 * together are those of the whole text.
 *
 * <p>A byte-level tokenizer first splits a text into pieces by a regular expression, from left to
 * right and without lookbehind, and merges within pieces only. So a cut is safe wherever a piece
 * must end, whatever follows. With GPT-2's expression, a piece ends before a line feed unless it
 * ends with whitespace; with those of Llama 3 and Qwen 2, it ends before a line feed that follows a
 * letter or digit. With all of them, a piece of letters ends before any other ASCII character, and
 * a piece that does not end with a space ends before a space followed by a letter, which begins the
 * next piece.
 *
 * <p>NFC never composes an ASCII character with the one before it. An added token, which is matched
 * in the whole text first, crosses a cut only if it contains both of its sides or absorbs
 * whitespace. Texts are never cut for a tokenizer with such tokens, or of any other kind.
 */
final class SafeCuts {

  /** Characters that often follow a word and are rare in special tokens. */
  private static final String BEHIND_WORDS = " .,;:!?'\n";

  private static final Pattern OVER_CUTS =
      Pattern.compile("\n|[!-~] |[A-Za-z][" + BEHIND_WORDS + "]");

  /** The expressions of Llama 3 and Qwen 2. */
  static final Set<String> LETTERS_APART =
      Set.of(
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  private final boolean known;
  private final IntPredicate endsPiece; // before a line feed

  private SafeCuts(boolean known, IntPredicate endsPiece) {
    this.known = known;
    this.endsPiece = endsPiece;
  }

  /** The safe cuts for a {@code tokenizer.json}. */
  static SafeCuts of(JsonNode tokenizer) {
    boolean plain =
        tokenizer.path("model").path("type").asText().equals("BPE")
            && tokenizer.path("model").path("dropout").asDouble() == 0
            && keepsCharacters(tokenizer.path("normalizer"))
            && keepsToThemselves(tokenizer.path("added_tokens"));
    JsonNode split = tokenizer.path("pre_tokenizer");
    if (plain && isByteLevel(split, true)) {
      return new SafeCuts(true, c -> c > ' ' && c < 0x7f);
    } else if (plain && isLettersApart(split)) {
      return new SafeCuts(true, SafeCuts::isAsciiWord);
    }
    return new SafeCuts(false, c -> false);
  }

  /**
   * The first position after {@code from} where {@code text} can be cut, or its end; about one per
   * word.
   */
  int next(String text, int from) {
    int end = text.length();
    if (!known) {
      return end;
    }
    for (int at = from + 1; at < end; at++) {
      char behind = text.charAt(at);
      if (BEHIND_WORDS.indexOf(behind) >= 0) {
        char before = text.charAt(at - 1);
        boolean startsWord = at + 1 < end && isAsciiLetter(text.charAt(at + 1));
        if (isAsciiLetter(before) || behind == ' ' && startsWord && before > ' ' && before < 0x7f) {
          return at;
        }
      }
    }
    return end;
  }

  /** The last position where {@code text} can be cut whatever follows it, or 0. */
  int last(String text) {
    for (int at = text.lastIndexOf('\n'); at > 0; at = text.lastIndexOf('\n', at - 1)) {
      if (endsPiece.test(text.charAt(at - 1))) {
        return at;
      }
    }
    return 0;
  }

  private static boolean isAsciiLetter(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static boolean isAsciiWord(int c) {
    return isAsciiLetter(c) || c >= '0' && c <= '9';
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
          || OVER_CUTS.matcher(token.path("content").asText()).find()) {
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
