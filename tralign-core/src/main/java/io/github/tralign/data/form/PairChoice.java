package io.github.tralign.data.form;

/** Which pairs are made of K ranked or scored completions. */
public enum PairChoice {
  /** The best with the worst: one pair. */
  BEST_WORST("best-worst"),
  /** Each completion with each worse one. */
  ALL("all"),
  /** One of all these pairs, determined by the seed and the record's contents. */
  RANDOM("random");

  private final String word;

  PairChoice(String word) {
    this.word = word;
  }

  /** The value on the command line. */
  @Override
  public String toString() {
    return word;
  }
}
