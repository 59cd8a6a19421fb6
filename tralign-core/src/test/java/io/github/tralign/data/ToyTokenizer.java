package io.github.tralign.data;

import java.util.Arrays;
import java.util.List;

/**
 * Takes the longest entry of a small vocabulary that fits, else a single character. Ids: 0 begins a
 * text (if asked for), 1 is {@code <end>}, then the vocabulary, then the characters by code unit.
 */
final class ToyTokenizer implements Tokenizer {

  static final int BEGIN = 0;
  static final int END = 1;

  private final boolean marksBeginning;
  private final List<String> vocabulary;
  private int largestCall;

  private ToyTokenizer(boolean marksBeginning, String... vocabulary) {
    this.marksBeginning = marksBeginning;
    this.vocabulary = List.of(vocabulary);
  }

  static ToyTokenizer of(String... vocabulary) {
    return new ToyTokenizer(false, vocabulary);
  }

  static ToyTokenizer markingTheBeginning(String... vocabulary) {
    return new ToyTokenizer(true, vocabulary);
  }

  @Override
  public int[] encode(String text) {
    int[] ids = new int[text.length() + 1];
    int n = 0;
    if (marksBeginning) {
      ids[n++] = BEGIN;
    }
    int at = 0;
    while (at < text.length()) {
      int best = -1;
      int length = 1;
      if (text.startsWith(endOfSequence(), at)) {
        best = END;
        length = endOfSequence().length();
      }
      for (int entry = 0; entry < vocabulary.size(); entry++) {
        String word = vocabulary.get(entry);
        if (word.length() > length && text.startsWith(word, at)) {
          best = entry + 2;
          length = word.length();
        }
      }
      ids[n++] = best >= 0 ? best : id(text.charAt(at));
      at += length;
    }
    return Arrays.copyOf(ids, n);
  }

  /** The id of a single character. */
  int id(char character) {
    return 2 + vocabulary.size() + character;
  }

  /** The ids of a text taken character by character. */
  int[] ids(String text) {
    return text.chars().map(c -> id((char) c)).toArray();
  }

  @Override
  public List<int[]> encodeAll(List<String> texts) {
    largestCall = Math.max(largestCall, texts.size());
    return Tokenizer.super.encodeAll(texts);
  }

  int largestCall() {
    return largestCall;
  }

  @Override
  public String endOfSequence() {
    return "<end>";
  }

  @Override
  public int vocabularySize() {
    return 2 + vocabulary.size() + (1 << 16);
  }
}
