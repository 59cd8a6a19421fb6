package io.github.tralign.djl.tokenizer;

import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The tokens of words that were encoded before: a data set has few words and each of them many
 * times. Texts are taken apart only where that changes no token. Safe for use by several threads.
 */
final class KnownWords {

  /** Longer ones seldom come twice. */
  private static final int LONGEST = 24;

  /** The frequent words come early, so that nothing has to make room: about 10 MB. */
  private static final int MOST = 1 << 16;

  private final SafeCuts cuts;
  private final Function<String, int[]> encoder;
  private final Map<String, int[]> tokens = new ConcurrentHashMap<>();

  /**
   * Knows no word yet.
   *
   * @param encoder gives the tokens of any text, none added
   */
  KnownWords(SafeCuts cuts, Function<String, int[]> encoder) {
    this.cuts = cuts;
    this.encoder = encoder;
  }

  /** The tokens of a text, none added. */
  int[] encode(String text) {
    List<int[]> words = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = cuts.next(text, from);
      words.add(word(text.substring(from, to)));
      from = to;
    }
    return Ints.concat(words.toArray(int[][]::new));
  }

  private int[] word(String word) {
    int[] known = tokens.get(word);
    if (known != null) {
      return known;
    }
    int[] encoded = encoder.apply(word);
    if (word.length() <= LONGEST && tokens.size() < MOST) {
      tokens.put(word, encoded);
    }
    return encoded;
  }
}
