package io.github.tralign.djl.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.djl.checkpoint.ConfigJson;
import io.github.tralign.djl.kernel.Offline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The tokenizer of a Hugging Face checkpoint folder, from its {@code tokenizer.json}, by the
 * tokenizers library.
 *
 * <p>Texts are encoded as that file says, with what its post-processor adds; nothing is truncated
 * or padded.
 */
public final class CheckpointTokenizer implements Tokenizer, AutoCloseable {

  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "true", "truncation", "do_not_truncate", "padding", "do_not_pad");

  private final HuggingFaceTokenizer tokenizer;
  private final String endOfSequence;
  private final int vocabularySize;

  private CheckpointTokenizer(
      HuggingFaceTokenizer tokenizer, String endOfSequence, int vocabularySize) {
    this.tokenizer = tokenizer;
    this.endOfSequence = endOfSequence;
    this.vocabularySize = vocabularySize;
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
    Offline.ensure();
    Path file = folder.resolve("tokenizer.json");
    JsonNode json = ConfigJson.read(requireThere(file)).json();
    HuggingFaceTokenizer tokenizer = open(file);
    try {
      return new CheckpointTokenizer(
          tokenizer, EndOfSequence.of(folder, json), VocabularySize.of(json));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  @Override
  public int[] encode(String text) {
    return ids(tokenizer.encode(text));
  }

  @Override
  public List<int[]> encodeAll(List<String> texts) {
    return texts.isEmpty()
        ? List.of()
        : Arrays.stream(tokenizer.batchEncode(texts)).map(CheckpointTokenizer::ids).toList();
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

  private static int[] ids(Encoding encoding) {
    return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
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
