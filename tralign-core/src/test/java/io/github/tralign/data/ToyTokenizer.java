package io.github.tralign.data;

import com.google.common.primitives.Ints;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Takes the longest entry of a small vocabulary that fits, else a single character. Ids: 0 begins a
 * text (if asked for), 1 is {@code <end>}, then the vocabulary, then the characters by code unit.
 */
class ToyTokenizer implements Tokenizer {

  static final int BEGIN = 0;
  static final int END = 1;

  private final boolean marksBeginning;
  private final boolean marksEnd;
  private final List<String> vocabulary;
  private int largestCall;

  /** Takes single characters. */
  ToyTokenizer() {
    this(false, false);
  }

  private ToyTokenizer(boolean marksBeginning, boolean marksEnd, String... vocabulary) {
    this.marksBeginning = marksBeginning;
    this.marksEnd = marksEnd;
    this.vocabulary = List.of(vocabulary);
  }

  static ToyTokenizer of(String... vocabulary) {
    return new ToyTokenizer(false, false, vocabulary);
  }

  static ToyTokenizer markingTheBeginning(String... vocabulary) {
    return new ToyTokenizer(true, false, vocabulary);
  }

  static ToyTokenizer markingTheEnd(String... vocabulary) {
    return new ToyTokenizer(false, true, vocabulary);
  }

  @Override
  public int[] encode(String text) {
    int[] begin = marksBeginning ? new int[] {BEGIN} : new int[0];
    int[] end = marksEnd ? new int[] {END} : new int[0];
    return Ints.concat(begin, pieces(text), end);
  }

  @Override
  public List<int[]> encodeWritten(List<String> texts) {
    largestCall = Math.max(largestCall, texts.size());
    return texts.stream().map(this::pieces).toList();
  }

  @Override
  public OptionalInt beginOfSequence() {
    return marksBeginning ? OptionalInt.of(BEGIN) : OptionalInt.empty();
  }

  @Override
  public Optional<String> fingerprint() {
    return Optional.of(marksBeginning + " " + marksEnd + " " + vocabulary);
  }

  /** The ids of a text, without what marks its beginning or end. */
  private int[] pieces(String text) {
    int[] ids = new int[text.length()];
    int n = 0;
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
