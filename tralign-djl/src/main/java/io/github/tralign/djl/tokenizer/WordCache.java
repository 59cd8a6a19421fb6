package io.github.tralign.djl.tokenizer;

import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Encodes texts word by word and caches the tokens of words, since few distinct words make up most
 * of a data set. Texts are split only where that does not change their tokens. Safe for use by
 * several threads.
 */
final class WordCache {

  /** Longest cached word, in characters; longer ones rarely repeat. */
  private static final int LONGEST = 24;

  /** Most cached words, about 10 MB. Frequent words come early, so none is evicted. */
  private static final int MOST = 1 << 16;

  private final SafeCuts cuts;
  private final Function<String, int[]> encoder;
  private final Map<String, int[]> tokens = new ConcurrentHashMap<>();

  /**
   * Makes an empty cache.
   *
   * @param encoder encodes a text without special tokens
   */
  WordCache(SafeCuts cuts, Function<String, int[]> encoder) {
    this.cuts = cuts;
    this.encoder = encoder;
  }

  /** The token ids of a text, without special tokens. */
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
