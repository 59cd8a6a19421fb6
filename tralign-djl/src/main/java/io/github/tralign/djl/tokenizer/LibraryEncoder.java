package io.github.tralign.djl.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.Platform;
import io.github.tralign.data.TokenizationException;
import io.github.tralign.djl.kernel.Offline;
import io.github.tralign.djl.kernel.UnpackedLibraries;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * A tokenizer that runs in this process. A crash in the tokenizers library ends the process, so
 * this is for tokenizers that passed a trial.
 *
 * <p>It calls the library directly: DJL's wrapper also copies the tokens' texts and positions,
 * which takes 50 % more time. It encodes text by text: in the library's batches, one thread copies
 * texts and ids for all others.
 */
final class LibraryEncoder implements Encoder {

  /** The version of the library. */
  static final String VERSION = Platform.detectPlatform("tokenizers").getVersion();

  private final TokenizersLibrary library;
  private final long handle;

  /**
   * Loads a tokenizer.
   *
   * @param json the content of a {@code tokenizer.json}
   * @throws UncheckedIOException if the library cannot be unpacked
   * @throws RuntimeException if the library rejects it
   */
  LibraryEncoder(String json) {
    Offline.ensure();
    try {
      LibUtils.checkStatus();
    } catch (EngineException e) {
      throw UnpackedLibraries.failure("the tokenizers library", e)
          .<RuntimeException>map(it -> it)
          .orElse(e);
    }
    library = TokenizersLibrary.LIB;
    handle = library.createTokenizerFromString(json);
  }

  @Override
  public List<int[]> encode(List<String> texts, boolean addSpecialTokens) {
    return texts.size() == 1
        ? List.of(encode(texts.get(0), addSpecialTokens))
        : texts.parallelStream().map(it -> encode(it, addSpecialTokens)).toList();
  }

  private int[] encode(String text, boolean addSpecialTokens) {
    long encoding;
    try {
      encoding = library.encode(handle, text, addSpecialTokens);
    } catch (RuntimeException e) {
      throw new TokenizationException(text, String.valueOf(e.getMessage()), e);
    }
    try {
      return Arrays.stream(library.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  @Override
  public String decode(int[] tokens) {
    return library.decode(handle, Arrays.stream(tokens).asLongStream().toArray(), false);
  }

  @Override
  public boolean isInProcess() {
    return true;
  }

  @Override
  public void close() {
    library.deleteTokenizer(handle);
  }
}
