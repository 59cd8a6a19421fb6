package io.github.tralign.cli;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What tokens say, for people to read. */
final class TokenText implements AutoCloseable {

  private final HuggingFaceTokenizer tokenizer;

  private TokenText(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  static TokenText of(Path folder) {
    // Only decodes; without these words the library warns of a length that it would cut to.
    Map<String, String> options = Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");
    try (InputStream file = Files.newInputStream(folder.resolve("tokenizer.json"))) {
      return new TokenText(HuggingFaceTokenizer.newInstance(file, options));
    } catch (IOException e) {
      throw new InvalidInputException(
          folder + ": the tokenizer cannot be read: " + Reason.of(e), e);
    }
  }

  String of(ImmutableIntArray tokens) {
    return tokenizer.decode(tokens.stream().asLongStream().toArray(), false);
  }

  String of(int token) {
    return tokenizer.decode(new long[] {token}, false);
  }

  /**
   * Some decoders drop a blank at the beginning of a text, so a completion is read in its place.
   */
  String after(ImmutableIntArray prompt, ImmutableIntArray completion) {
    String before = of(prompt);
    String whole =
        of(
            ImmutableIntArray.builder(prompt.length() + completion.length())
                .addAll(prompt)
                .addAll(completion)
                .build());
    return whole.startsWith(before) ? whole.substring(before.length()) : of(completion);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
