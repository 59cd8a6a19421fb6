package io.github.tralign.data;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns text into token ids.
 *
 * <p>Implemented by engines. Encoding is a pure function of the text: the same text always gives
 * the same ids. A reader calls it from one thread at a time, which may differ from its caller's
 * thread.
 */
public interface Tokenizer {

  /**
   * Encodes one text, including the tokens that the tokenizer's post-processor adds, such as a
   * token that begins a sequence. Special tokens written in the text are recognised.
   *
   * @return ids in {@code [0, vocabularySize())}; empty only if the text has no tokens
   * @throws TokenizationException if this text cannot be encoded, which makes its row invalid
   */
  int[] encode(String text);

  /**
   * Encodes each text as {@link #encode} does, in order. Override this if many texts can be encoded
   * faster together.
   */
  default List<int[]> encodeAll(List<String> texts) {
    List<int[]> encoded = new ArrayList<>(texts.size());
    for (String text : texts) {
      encoded.add(encode(text));
    }
    return encoded;
  }

  /**
   * Encodes texts that already contain all special tokens, such as those rendered by chat
   * templates, without adding any. The default is correct for tokenizers that add nothing in {@link
   * #encode} either.
   */
  default List<int[]> encodeWritten(List<String> texts) {
    return encodeAll(texts);
  }

  /**
   * The last offset at which every text that begins with {@code beginning} can be split without
   * changing its tokens: encoding both parts by {@link #encodeWritten} gives the tokens of the
   * whole. So the common part of several texts is encoded once. 0, the default, if there is no such
   * offset, or none is known.
   */
  default int lastCut(String beginning) {
    return 0;
  }

  /** The texts of all special tokens; by default only the end-of-sequence token. */
  default ImmutableSet<String> specialTokens() {
    return ImmutableSet.of(endOfSequence());
  }

  /** The id of the token that begins every text of the model, if there is one; none by default. */
  default OptionalInt beginOfSequence() {
    return OptionalInt.empty();
  }

  /**
   * Identifies this tokenizer: two tokenizers with equal fingerprints encode all texts alike.
   * Empty, the default, if that cannot be guaranteed; then its tokens are not cached.
   */
  default Optional<String> fingerprint() {
    return Optional.empty();
  }

  /** The text of the end-of-sequence token, such as {@code <|endoftext|>}. Never empty. */
  String endOfSequence();

  /** The highest id that {@link #encode} can return, plus one. */
  int vocabularySize();
}
