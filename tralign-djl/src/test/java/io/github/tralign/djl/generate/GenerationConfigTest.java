package io.github.tralign.djl.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableSet;
import io.github.tralign.InvalidInputException;
import io.github.tralign.generate.Sampling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationConfigTest {

  @TempDir private Path folder;

  @Test
  void a_folder_that_says_nothing_is_greedy_up_to_256_tokens() {
    GenerationConfig config = GenerationConfig.read(folder);
    assertThat(config.sampling().isGreedy()).isTrue();
    assertThat(config.sampling().endTokens()).isEmpty();
    assertThat(config.forPrompt(1000).maxNewTokens()).isEqualTo(256);
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void draws_keep_50_tokens_unless_the_folder_says_otherwise() {
    assertThat(read("{'do_sample': true}").sampling())
        .isEqualTo(Sampling.greedy().temperature(1).topK(50));
    assertThat(read("{'do_sample': true, 'top_k': 0}").sampling().topK()).isZero();
    assertThat(read("{'do_sample': true, 'top_k': null}").sampling().topK()).isEqualTo(50);
  }

  @Test
  void every_key_that_is_supported_is_used() {
    GenerationConfig config =
        read(
            "{'do_sample': true, 'temperature': 0.6, 'top_k': 20, 'top_p': 0.9, 'min_p': 0.05,"
                + " 'repetition_penalty': 1.1, 'no_repeat_ngram_size': 3, 'min_new_tokens': 2,"
                + " 'max_new_tokens': 99, 'max_length': 7, 'eos_token_id': [5, 2],"
                + " 'stop_strings': 'END'}");
    assertThat(config.forPrompt(50))
        .isEqualTo(new Sampling(0.6, 20, 0.9, 0.05, 1.1, 3, 2, 99, ImmutableSet.of(5, 2)));
    assertThat(config.stopStrings()).containsExactly("END");
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void settings_of_draws_count_only_with_do_sample() {
    GenerationConfig config = read("{'temperature': 0.6, 'top_p': 0.9}");
    assertThat(config.sampling().isGreedy()).isTrue();
    assertThat(config.temperature()).isEqualTo(0.6);
  }

  @Test
  void lengths_with_the_prompt_are_what_it_leaves() {
    GenerationConfig config = read("{'max_length': 20, 'min_length': 15}");
    assertThat(config.forPrompt(12).maxNewTokens()).isEqualTo(8);
    assertThat(config.forPrompt(12).minNewTokens()).isEqualTo(3);
    assertThat(config.forPrompt(16).minNewTokens()).isZero();
    assertThatThrownBy(() -> config.forPrompt(20))
        .hasMessageContaining("the prompt has 20 tokens, but 'max_length'");
    assertThat(config.maxNewTokens(30).forPrompt(20).maxNewTokens()).isEqualTo(30);
  }

  @Test
  void end_tokens_are_those_of_the_model_where_the_file_names_none() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": 7}");
    assertThat(GenerationConfig.read(folder).sampling().endTokens()).containsExactly(7);
    assertThat(read("{'temperature': 1.0}").sampling().endTokens()).containsExactly(7);
    assertThat(read("{'eos_token_id': 3}").sampling().endTokens()).containsExactly(3);
  }

  @Test
  void an_end_token_beyond_the_vocabulary_is_an_error() throws IOException {
    Files.writeString(
        folder.resolve("config.json"), "{\"eos_token_id\": [7, 100], \"vocab_size\": 100}");
    assertThatThrownBy(() -> GenerationConfig.read(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            folder.resolve("config.json")
                + ": key 'eos_token_id' is [7,100]; expected token ids from 0 to 99, since the"
                + " vocabulary has 100 tokens");
    assertThatThrownBy(() -> read("{'eos_token_id': 99999}"))
        .hasMessageContaining("generation_config.json: key 'eos_token_id' is 99999; expected");
    assertThat(read("{'eos_token_id': [99, -1]}").sampling().endTokens()).containsExactly(99);
  }

  @Test
  void keys_that_change_nothing_here_are_ignored() {
    assertThat(
            read("{'use_cache': true, 'pad_token_id': 0, 'transformers_version': '4.40.0',"
                    + " '_from_model_config': true, 'cache_implementation': 'hybrid',"
                    + " 'num_beams': 1, 'typical_p': 1.0, 'bad_words_ids': null,"
                    + " 'length_penalty': 0.5, 'a_key_of_tomorrow': 1}")
                .warnings())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "num_beams, 4",
    "typical_p, 0.9",
    "suppress_tokens, '[1, 2]'",
    "forced_eos_token_id, 2",
    "guidance_scale, 1.5",
    "max_time, 3.0",
    "penalty_alpha, 0.6"
  })
  void keys_that_are_set_and_not_supported_are_named(String key, String value) {
    assertThat(read("{'" + key + "': " + value + "}").warnings())
        .singleElement()
        .asString()
        .contains("generation_config.json: key '" + key + "' is not supported");
  }

  @ParameterizedTest
  @CsvSource({
    "temperature, -1",
    "top_k, 2.5",
    "top_k, -1",
    "top_p, 1.5",
    "min_p, -0.1",
    "repetition_penalty, 0",
    "repetition_penalty, 1e-30",
    "max_new_tokens, 0",
    "eos_token_id, 'true'",
    "do_sample, 1",
    "stop_strings, '[1]'"
  })
  void a_value_that_is_invalid_is_an_error_that_names_it(String key, String value) {
    assertThatThrownBy(() -> read("{'" + key + "': " + value + "}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("generation_config.json: key '" + key + "'");
  }

  private GenerationConfig read(String json) {
    try {
      Files.writeString(folder.resolve("generation_config.json"), json.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return GenerationConfig.read(folder);
  }
}
