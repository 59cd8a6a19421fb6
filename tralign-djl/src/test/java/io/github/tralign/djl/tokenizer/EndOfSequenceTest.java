package io.github.tralign.djl.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndOfSequenceTest {

  @TempDir private Path folder;

  @BeforeEach
  void of_the_model() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": 2}");
    Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"added_tokens\": [{\"id\": 3, \"content\": \"<|eot|>\"}],"
            + " \"model\": {\"type\": \"BPE\", \"merges\": [], \"vocab\": {\"</s>\": 2}}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null"})
  void an_empty_list_names_none(String ids) throws IOException {
    generation(ids);
    assertThat(endOfSequence()).isEqualTo("</s>");
    Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": " + ids + "}");
    assertThatThrownBy(() -> endOfSequence())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no end-of-sequence token is set")
        .hasMessageContaining("eos_token_id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[3, 2]", "3"})
  void the_first_of_the_generation_config_wins(String ids) throws IOException {
    generation(ids);
    assertThat(endOfSequence()).isEqualTo("<|eot|>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[[2]]", "2.0", "[2, null]", "\"2\"", "NaN", "1e999", "true", "{}", "7", "-1"})
  void what_is_no_token_is_refused_by_file_and_key(String ids) throws IOException {
    generation(ids);
    assertThatThrownBy(() -> endOfSequence())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            folder.resolve("generation_config.json") + ": key 'eos_token_id' is ");
  }

  private void generation(String ids) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": " + ids + "}");
  }

  private String endOfSequence() {
    TokenizerFiles files = TokenizerFiles.of(folder);
    try (Encoder encoder = new OneTokenEach()) {
      return EndOfSequence.of(files, EffectiveTokenizer.of(files), Map.of("<|eot|>", 3), encoder);
    }
  }

  /** Makes one token of each text. */
  private static final class OneTokenEach implements Encoder {

    @Override
    public List<int[]> encode(List<String> texts, boolean addSpecialTokens) {
      return texts.stream().map(text -> new int[1]).toList();
    }

    @Override
    public String decode(int[] tokens) {
      return "a".repeat(tokens.length);
    }

    @Override
    public boolean isInProcess() {
      return true;
    }

    @Override
    public void close() {}
  }
}
