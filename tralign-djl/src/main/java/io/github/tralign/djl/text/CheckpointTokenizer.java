package io.github.tralign.djl.text;

import static java.util.Objects.requireNonNull;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.Platform;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.djl.checkpoint.ConfigJson;
import io.github.tralign.djl.kernel.Offline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The tokenizer of a Hugging Face checkpoint folder, from its {@code tokenizer.json}, by the
 * tokenizers library.
 *
 * <p>Texts are encoded as that file says, with what its post-processor adds; nothing is truncated
 * or padded. Whoever loads a tokenizer closes it, after the last text is read.
 */
public final class CheckpointTokenizer implements Tokenizer, AutoCloseable {

  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "true", "truncation", "do_not_truncate", "padding", "do_not_pad");

  private final HuggingFaceTokenizer tokenizer;
  private final String endOfSequence;
  private final OptionalInt beginOfSequence;
  private final ImmutableSet<String> specialTokens;
  private final int vocabularySize;
  private final SafeCuts safeCuts;
  private final KnownWords words;
  private final String fingerprint;

  private CheckpointTokenizer(HuggingFaceTokenizer tokenizer, Path folder, JsonNode json) {
    this.tokenizer = tokenizer;
    this.endOfSequence = EndOfSequence.of(folder, json);
    this.beginOfSequence = AddedTokens.id(json, SpecialTokens.of(folder).get("bos_token"));
    this.specialTokens = AddedTokens.special(json);
    this.vocabularySize = VocabularySize.of(json);
    this.safeCuts = SafeCuts.of(json);
    this.words = new KnownWords(safeCuts, text -> ids(text, false));
    String library = Platform.detectPlatform("tokenizers").getVersion();
    String all = List.of(json, endOfSequence, beginOfSequence, library).toString();
    this.fingerprint = Hashing.sha256().hashString(all, StandardCharsets.UTF_8).toString();
  }

  /**
   * Loads the tokenizer of a checkpoint folder. Its end of a sequence is the {@code eos_token} of
   * {@code tokenizer_config.json} or {@code special_tokens_map.json}, else the first {@code
   * eos_token_id} of {@code generation_config.json} or {@code config.json}.
   *
   * @throws InvalidInputException if there is no {@code tokenizer.json}, if it cannot be read, or
   *     if nothing names the end of a sequence
   */
  public static CheckpointTokenizer load(Path folder) {
    requireNonNull(folder, "folder");
    Offline.ensure();
    Path file = folder.resolve("tokenizer.json");
    JsonNode json = ConfigJson.read(requireThere(file)).json();
    HuggingFaceTokenizer tokenizer = open(file);
    try {
      return new CheckpointTokenizer(tokenizer, folder, json);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  @Override
  public int[] encode(String text) {
    return ids(text, true);
  }

  @Override
  public List<int[]> encodeAll(List<String> texts) {
    return texts.parallelStream().map(this::encode).toList();
  }

  @Override
  public List<int[]> encodeWritten(List<String> texts) {
    return texts.parallelStream().map(words::encode).toList();
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
    tokenizer.close();
  }

  /**
   * By the library's own calls: DJL's would copy the tokens' texts and places along, which takes
   * half as long again as encoding. And text by text: in the library's own batches one thread
   * copies the texts in, and the ids out, for all the others.
   */
  private int[] ids(String text, boolean addSpecialTokens) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(tokenizer.getHandle(), text, addSpecialTokens);
    try {
      return Arrays.stream(library.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  private static Path requireThere(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(
          file
              + ": there is no such file, so texts cannot be tokenized; save the model's fast"
              + " tokenizer into the folder with transformers' save_pretrained");
    }
    return file;
  }

  private static HuggingFaceTokenizer open(Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content), OPTIONS);
    } catch (IOException | RuntimeException e) {
      throw new InvalidInputException(
          file + ": not a tokenizer that the tokenizers library reads: " + e.getMessage(), e);
    }
  }
}
