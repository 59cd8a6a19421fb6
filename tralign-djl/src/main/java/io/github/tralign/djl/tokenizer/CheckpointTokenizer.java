package io.github.tralign.djl.tokenizer;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.TokenizationException;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.djl.huggingface.TokenizerFiles;
import io.github.tralign.djl.kernel.Offline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The tokenizer of a Hugging Face checkpoint folder, run by the tokenizers library.
 *
 * <p>Token ids are the same as in transformers 5. They follow from {@code tokenizer.json}, the
 * parts that the class in {@code tokenizer_class} builds itself, and the tokens in {@code
 * tokenizer_config.json}, {@code special_tokens_map.json} and {@code added_tokens.json}. The
 * post-processor's tokens are added; nothing is truncated or padded.
 *
 * <p>A crash in the library ends its process. Therefore a tokenizer is first tried in a separate
 * process, and tokenizers of unusual kinds always run there. See {@code docs/data.md}.
 *
 * <p>Safe for use by several threads. The caller closes the tokenizer. After that, encoding throws
 * an {@link IllegalStateException}; closing again does nothing.
 */
public final class CheckpointTokenizer implements Tokenizer, AutoCloseable {

  /** The longest text that is encoded, in characters; a longer one is an error in its row. */
  public static final int LONGEST_TEXT = 1_000_000;

  private final Encoder encoder;
  private final String endOfSequence;
  private final OptionalInt beginOfSequence;
  private final ImmutableSet<String> specialTokens;
  private final int vocabularySize;
  private final SafeCuts safeCuts;
  private final WordCache words;
  private final String fingerprint;

  private CheckpointTokenizer(Encoder encoder, TokenizerFiles files, EffectiveTokenizer tokenizer) {
    JsonNode json = tokenizer.json();
    ImmutableMap<String, Integer> added = ids(tokenizer.added(), encoder);
    this.encoder = encoder;
    this.endOfSequence = EndOfSequence.of(files, tokenizer, added, encoder);
    Integer begin = added.get(tokenizer.special().texts().getOrDefault("bos_token", ""));
    this.beginOfSequence = begin == null ? OptionalInt.empty() : OptionalInt.of(begin);
    this.specialTokens = tokenizer.specialTexts();
    this.vocabularySize = vocabularySize(json.path("model").path("vocab"), added);
    this.safeCuts = SafeCuts.of(json);
    this.words = new WordCache(safeCuts, text -> encoder.encode(List.of(text), false).get(0));
    String all = List.of(json, endOfSequence, beginOfSequence, LibraryEncoder.VERSION).toString();
    this.fingerprint = Hashing.sha256().hashString(all, StandardCharsets.UTF_8).toString();
  }

  /**
   * Loads the tokenizer of a checkpoint folder. Its end-of-sequence token is {@code eos_token} in
   * {@code tokenizer_config.json} or {@code special_tokens_map.json}, else the first {@code
   * eos_token_id} in {@code generation_config.json} or {@code config.json}.
   *
   * @throws InvalidInputException if there is no {@code tokenizer.json}, a file is invalid or has a
   *     setting that is not supported, the tokenizers library rejects the tokenizer or crashes, or
   *     no end-of-sequence token is set
   */
  public static CheckpointTokenizer load(Path folder) {
    requireNonNull(folder, "folder");
    Offline.ensure();
    TokenizerFiles files = TokenizerFiles.requireTokenizer(folder);
    EffectiveTokenizer tokenizer = EffectiveTokenizer.of(files);
    Path file = files.tokenizer().get().file();
    Encoder encoder = Encoders.open(file, tokenizer.json());
    try {
      return new CheckpointTokenizer(encoder, files, tokenizer);
    } catch (TokenizationException e) {
      encoder.close();
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  @Override
  public int[] encode(String text) {
    return encodeAll(List.of(text)).get(0);
  }

  @Override
  public List<int[]> encodeAll(List<String> texts) {
    texts.forEach(CheckpointTokenizer::check);
    return encoder.encode(texts, true);
  }

  @Override
  public List<int[]> encodeWritten(List<String> texts) {
    texts.forEach(CheckpointTokenizer::check);
    return encoder.isInProcess()
        ? texts.parallelStream().map(words::encode).toList()
        : encoder.encode(texts, false);
  }

  /**
   * The text of tokens, special tokens included; ids that no token has are left out. Bytes that are
   * not valid UTF-8, such as part of a character, become U+FFFD. Some tokenizers drop a blank at
   * the beginning: {@link TextStream} decodes tokens in their place.
   */
  public String decode(int... tokens) {
    return encoder.decode(requireNonNull(tokens, "tokens").clone());
  }

  @Override
  public int lastCut(String text) {
    return safeCuts.last(text);
  }

  @Override
  public ImmutableSet<String> specialTokens() {
    return specialTokens;
  }

  @Override
  public OptionalInt beginOfSequence() {
    return beginOfSequence;
  }

  @Override
  public Optional<String> fingerprint() {
    return Optional.of(fingerprint);
  }

  @Override
  public String endOfSequence() {
    return endOfSequence;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public void close() {
    encoder.close();
  }

  private static void check(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new TokenizationException(
          text,
          String.format(
              Locale.ROOT,
              "it has %,d characters; expected at most %,d",
              text.length(),
              LONGEST_TEXT),
          null);
    }
  }

  /** The ids of added tokens. The library assigns them itself and ignores those in the file. */
  private static ImmutableMap<String, Integer> ids(ImmutableSet<String> tokens, Encoder encoder) {
    ImmutableMap.Builder<String, Integer> ids = ImmutableMap.builder();
    Iterator<int[]> encoded = encoder.encode(tokens.asList(), false).iterator();
    for (String token : tokens) {
      int[] own = encoded.next();
      if (own.length == 1) {
        ids.put(token, own[0]);
      }
    }
    return ids.buildOrThrow();
  }

  private static int vocabularySize(JsonNode vocabulary, ImmutableMap<String, Integer> added) {
    int size = vocabulary.isArray() ? vocabulary.size() : 0; // Unigram: [[piece, score], …]
    if (vocabulary.isObject()) {
      for (JsonNode id : vocabulary) {
        size = Math.max(size, id.asInt() + 1);
      }
    }
    return Math.max(size, added.values().stream().mapToInt(id -> id + 1).max().orElse(0));
  }
}
