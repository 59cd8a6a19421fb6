package io.github.tralign.generate;

import java.util.BitSet;

/** What changes logits because of the tokens before, for greedy choices and draws alike. */
final class Penalties {

  private Penalties() {}

  /** The logits with repetition penalty, n-grams and minimum length applied; never in place. */
  static float[] apply(Sampling sampling, float[] logits, History history) {
    boolean repetition = sampling.repetitionPenalty() != 1;
    boolean ngrams = sampling.noRepeatNgramSize() > 0;
    boolean tooShort = history.newTokens() < sampling.minNewTokens();
    if (!repetition && !ngrams && !tooShort) {
      return logits;
    }
    float[] changed = logits.clone();
    if (repetition) {
      penalizeRepetition((float) sampling.repetitionPenalty(), changed, history);
    }
    if (ngrams) {
      excludeRepeated(sampling.noRepeatNgramSize(), changed, history);
    }
    if (tooShort) {
      sampling.endTokens().stream()
          .filter(id -> id < changed.length)
          .forEach(id -> changed[id] = Float.NEGATIVE_INFINITY);
    }
    return changed;
  }

  private static void penalizeRepetition(float penalty, float[] logits, History history) {
    BitSet occurred = new BitSet(logits.length); // an id that occurs twice is penalized once
    for (int i = 0; i < history.length(); i++) {
      occurred.set(history.get(i));
    }
    occurred.stream()
        .forEach(id -> logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty);
  }

  /** Excludes each token that followed the last {@code size - 1} tokens before. */
  private static void excludeRepeated(int size, float[] logits, History history) {
    int last = history.length() - (size - 1);
    for (int start = 0; start < last; start++) {
      int same = 0;
      while (same < size - 1 && history.get(start + same) == history.get(last + same)) {
        same++;
      }
      if (same == size - 1) {
        logits[history.get(start + same)] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
