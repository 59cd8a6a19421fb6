package io.github.tralign.djl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndOfSequenceTest {

  @TempDir private Path folder;

  @BeforeEach
  void of_the_model() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": 2}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null"})
  void an_empty_list_names_none(String ids) throws IOException {
    generation(ids);
    assertThat(EndOfSequence.of(folder, tokenizer())).isEqualTo("</s>");
    Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": " + ids + "}");
    assertThatThrownBy(() -> EndOfSequence.of(folder, tokenizer()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("nothing names the token that ends a sequence")
        .hasMessageContaining("eos_token_id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[3, 2]", "3"})
  void the_first_of_the_generation_config_wins(String ids) throws IOException {
    generation(ids);
    assertThat(EndOfSequence.of(folder, tokenizer())).isEqualTo("<|eot|>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[[2]]", "2.0", "[2, null]", "\"2\"", "NaN", "1e999", "true", "{}", "7", "-1"})
  void what_is_no_token_is_refused_by_file_and_key(String ids) throws IOException {
    generation(ids);
    assertThatThrownBy(() -> EndOfSequence.of(folder, tokenizer()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            folder.resolve("generation_config.json") + ": key 'eos_token_id' is ");
  }

  private void generation(String ids) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": " + ids + "}");
  }

  private static JsonNode tokenizer() throws IOException {
    return new ObjectMapper()
        .readTree(
            "{\"added_tokens\": [{\"id\": 3, \"content\": \"<|eot|>\"}],"
                + " \"model\": {\"vocab\": {\"</s>\": 2}}}");
  }
}
