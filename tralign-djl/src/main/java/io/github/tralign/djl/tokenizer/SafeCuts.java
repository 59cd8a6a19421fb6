package io.github.tralign.djl.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * Where a text can be cut so that its parts, encoded one by one, give the tokens of the whole.
 *
 * <p>A byte-level tokenizer splits a text by a regular expression, from the left to the right and
 * without looking back, before it merges anything. So there is a split wherever a piece is bound to
 * end whatever follows: before a line feed, after a character that no alternative of the expression
 * takes a line feed behind. GPT-2's takes none behind any character but blanks; those of Llama 3
 * and Qwen 2 none behind letters and digits. And with all of them a piece of letters ends before
 * any other ASCII character, and one that does not end with a blank before a blank and a letter,
 * which begin the next one.
 *
 * <p>NFC never composes ASCII characters with one before them, and a token that is looked for in
 * the whole text first must hold both sides of the cut to lie over it, or take blanks along; a
 * tokenizer with such tokens, or of any other kind, is never cut.
 */
final class SafeCuts {

  /** What often stands behind a word, and seldom within a special token. */
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

  /** The rule for a {@code tokenizer.json}. */
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
   * The first place after {@code from} where {@code text} can be cut, its end if there is none:
   * about one a word.
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

  /** The last place in {@code text} where it can be cut whatever follows it; 0 if there is none. */
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
