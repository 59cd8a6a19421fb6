package io.github.tralign.data;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns text into token ids.
 *
 * <p>The core needs no more of a tokenizer than this; an engine brings the implementation. Encoding
 * is a pure function of the text: the same text always gives the same ids. A reader calls it from
 * one thread at a time, which need not be its caller's.
 */
public interface Tokenizer {

  /**
   * Encodes one text, with whatever the tokenizer's own post-processor adds (such as a token that
   * begins a sequence) and nothing else. Special tokens that are spelled out in the text are
   * recognised.
   *
   * @return ids in {@code [0, vocabularySize())}; empty only if the text gives no token
   * @throws TokenizationException if this text cannot be encoded, which is a fault of its row
   */
  int[] encode(String text);

  /**
   * Encodes each text as {@link #encode} does, in order. An implementation that is faster on many
   * texts at once overrides this.
   */
  default List<int[]> encodeAll(List<String> texts) {
    List<int[]> encoded = new ArrayList<>(texts.size());
    for (String text : texts) {
      encoded.add(encode(text));
    }
    return encoded;
  }

  /**
   * Encodes texts in which all special tokens stand already, as chat templates write them: nothing
   * is added. As it is by default, this is for tokenizers that add nothing in {@link #encode}
   * either.
   */
  default List<int[]> encodeWritten(List<String> texts) {
    return encodeAll(texts);
  }

  /**
   * The last place where a text can be cut without changing its tokens: for any text that begins
   * with {@code beginning}, the tokens of what is before the place and of what is behind, each by
   * {@link #encodeWritten}, are those of the whole. What several texts share is encoded once then.
   * 0 if there is no such place, or none is known, as by default.
   */
  default int lastCut(String beginning) {
    return 0;
  }

  /** The texts of all special tokens; by default that of the end of a sequence only. */
  default ImmutableSet<String> specialTokens() {
    return ImmutableSet.of(endOfSequence());
  }

  /** The id of the token that begins every text of the model, if there is one; none by default. */
  default OptionalInt beginOfSequence() {
    return OptionalInt.empty();
  }

  /**
   * What tells this tokenizer from others: equal only for tokenizers that encode all texts alike.
   * Empty, as by default, for one of which that cannot be told; its tokens are not cached.
   */
  default Optional<String> fingerprint() {
    return Optional.empty();
  }

  /** The text of the token that ends a sequence, such as {@code <|endoftext|>}. Never empty. */
  String endOfSequence();

  /** The highest id that {@link #encode} can return, plus one. */
  int vocabularySize();
}
