package io.github.tralign.djl.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.TokenizationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTokenizerTest {

  @TempDir private Path folder;

  /** Each of them ends a process that loads it, or encodes a text with it. */
  static Stream<Arguments> crashing() {
    return Stream.of(
        crash(
            "an unknown special token",
            it -> post(it, "[{'SpecialToken':{'id':'<x>','type_id':0}}]")),
        crash("a second sequence", it -> post(it, "[{'Sequence':{'id':'B','type_id':0}}]")),
        crash(
            "a prefix that the vocabulary lacks",
            it -> ((ObjectNode) it.path("model")).put("continuing_subword_prefix", "##")),
        crash("no table", it -> it.putObject("normalizer").put("type", "Precompiled")),
        crash(
            "a broken table",
            it ->
                it.putObject("normalizer")
                    .put("type", "Precompiled")
                    .put("precompiled_charsmap", "AAAA")),
        crash("endless backtracking", it -> split(it, "(a+)+$")));
  }

  private static Arguments crash(String name, Consumer<ObjectNode> change) {
    return Arguments.of(name, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("crashing")
  void a_tokenizer_that_crashes_its_library_is_refused(String name, Consumer<ObjectNode> change) {
    TokenizerFolder.with(folder, change);
    assertThatThrownBy(() -> CheckpointTokenizer.load(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": ");
  }

  @Test
  void padding_and_truncation_of_the_file_do_not_count() {
    TokenizerFolder.with(
        folder,
        json -> {
          json.set(
              "padding",
              TokenizerFolder.parse(
                  "{'strategy':{'Fixed':0},'direction':'Right','pad_to_multiple_of':0,'pad_id':0,'pad_type_id':0,'pad_token':'<|endoftext|>'}"
                      .replace('\'', '"')));
          json.set(
              "truncation",
              TokenizerFolder.parse(
                  "{'direction':'Right','max_length':0,'strategy':'LongestFirst','stride':9}"
                      .replace('\'', '"')));
        });
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder)) {
      assertThat(tokenizer.encode("The sky is blue")).hasSizeGreaterThan(3);
    }
  }

  /** Freed twice, or used when it is freed, it would end the process. */
  @ParameterizedTest
  @ValueSource(strings = {"[^a]", "qz(a+)+$|[^a]"})
  void a_closed_tokenizer_says_so_and_closes_once(String pattern) {
    TokenizerFolder.with(folder, json -> split(json, pattern));
    CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder);
    tokenizer.close();
    tokenizer.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> tokenizer.encode("The sky"))
        .withMessage("the tokenizer is closed");
  }

  @Test
  void closing_waits_for_the_texts_that_other_threads_encode() {
    TokenizerFolder.with(folder, json -> {});
    CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder);
    CountDownLatch encoding = new CountDownLatch(2);
    List<CompletableFuture<Void>> threads =
        Stream.generate(
                () ->
                    CompletableFuture.runAsync(
                        () -> {
                          while (true) {
                            tokenizer.encodeAll(List.of("The sky", "is blue"));
                            encoding.countDown();
                          }
                        },
                        task -> new Thread(task).start()))
            .limit(2)
            .toList();
    Uninterruptibles.awaitUninterruptibly(encoding);
    tokenizer.close();
    for (CompletableFuture<Void> thread : threads) {
      assertThatThrownBy(thread::join).hasRootCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void a_text_that_crashes_the_library_is_named_and_others_are_encoded_on() {
    TokenizerFolder.with(folder, json -> split(json, "qz(a+)+$|[^a]"));
    String crashing = "qz" + "a".repeat(5000) + "b";
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder)) {
      int[] before = tokenizer.encode("The sky");
      assertThatThrownBy(() -> tokenizer.encodeAll(List.of("fine", crashing)))
          .isInstanceOf(TokenizationException.class)
          .hasMessageContaining("begins with 'qzaaa")
          .extracting(it -> ((TokenizationException) it).text())
          .isEqualTo(crashing);
      assertThat(tokenizer.encode("The sky")).isEqualTo(before);
    }
  }

  @Test
  @DisabledOnOs(
      value = {OS.WINDOWS, OS.MAC},
      disabledReason = "they cannot bound address space")
  void replacements_that_outgrow_the_memory_end_their_own_process_only()
      throws TokenizerProcess.Died {
    ObjectNode json = TokenizerFolder.json();
    replacements(json, 2, "Q".repeat(1_000_000));
    try (TokenizerProcess process = TokenizerProcess.start(3).orElseThrow()) {
      process.load(json.toString(), Duration.ofSeconds(60));
      assertThatThrownBy(() -> process.encode(List.of("Q"), false, Duration.ofSeconds(60)))
          .isInstanceOf(TokenizerProcess.Died.class)
          .hasMessage("it takes more memory than 3 GiB");
    }
  }

  @Test
  void replacements_are_dependable_while_a_text_hardly_grows() {
    for (String content : List.of("", "QQ", "Q".repeat(9), "Q".repeat(1000))) {
      ObjectNode json = TokenizerFolder.json();
      replacements(json, 2, content);
      assertThat(TrustedTokenizers.contains(json)).as(content).isEqualTo(content.length() < 3);
    }
  }

  @Test
  void a_text_of_more_than_a_million_characters_is_not_encoded() {
    try (CheckpointTokenizer tokenizer =
        CheckpointTokenizer.load(TokenizerFolder.GOLDEN.resolve("neox"))) {
      String text = " ".repeat(CheckpointTokenizer.LONGEST_TEXT + 1);
      for (Consumer<List<String>> way :
          List.<Consumer<List<String>>>of(tokenizer::encodeAll, tokenizer::encodeWritten)) {
        assertThatThrownBy(() -> way.accept(List.of(text)))
            .isInstanceOf(TokenizationException.class)
            .hasMessageContaining("1,000,001 characters; expected at most 1,000,000");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokenizer_config.json   | {'eos_token':5}                         | eos_token",
        "tokenizer_config.json   | {'eos_token':[]}                        | eos_token",
        "tokenizer_config.json   | {'eos_token':{'content':{'content':'x'}}} | eos_token",
        "tokenizer_config.json   | {'eos_token':{'lstrip':true}}           | eos_token",
        "tokenizer_config.json   | {'additional_special_tokens':[1]}       | additional_special_tokens",
        "tokenizer_config.json   | {'extra_special_tokens':'x'}            | extra_special_tokens",
        "tokenizer_config.json   | {'added_tokens_decoder':[]}             | added_tokens_decoder",
        "tokenizer_config.json   | {'added_tokens_decoder':{'1':null}}     | added_tokens_decoder.1",
        "tokenizer_config.json   | {'added_tokens_decoder':{'a':{'content':'x'}}} | added_tokens_decoder.a",
        "tokenizer_config.json   | {'added_tokens_decoder':{'1':{'content':'x','lstrip':1}}} | added_tokens_decoder.1.lstrip",
        "tokenizer_config.json   | {'split_special_tokens':true}           | split_special_tokens",
        "tokenizer_config.json   | {'tokenizer_class':7}                   | tokenizer_class",
        "tokenizer_config.json   | {'tokenizer_class':'T5TokenizerFast'}   | tokenizer_class",
        "tokenizer_config.json   | {'add_prefix_space':'yes','tokenizer_class':'GPT2Tokenizer'} | add_prefix_space",
        "special_tokens_map.json | {'eos_token':[]}                        | eos_token",
        "added_tokens.json       | {'<x>':'1'}                             | <x>",
        "generation_config.json  | {'eos_token_id':99999}                  | eos_token_id",
        "generation_config.json  | {'eos_token_id':[221]}                  | eos_token_id",
      })
  void what_cannot_be_read_is_refused_by_file_and_key(String file, String json, String key) {
    TokenizerFolder.with(folder, it -> {});
    TokenizerFolder.write(folder, "tokenizer_config.json", TokenizerFolder.parse("{}"));
    if (file.equals("generation_config.json")) {
      TokenizerFolder.write(folder, "added_tokens.json", TokenizerFolder.parse("{}"));
    }
    TokenizerFolder.write(folder, file, TokenizerFolder.parse(json.replace('\'', '"')));
    assertThatThrownBy(() -> CheckpointTokenizer.load(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(folder.resolve(file) + ": key '" + key + "'");
  }

  @Test
  void an_empty_list_of_ends_names_none() {
    TokenizerFolder.with(folder, it -> {});
    TokenizerFolder.write(folder, "tokenizer_config.json", TokenizerFolder.parse("{}"));
    TokenizerFolder.write(
        folder, "generation_config.json", TokenizerFolder.parse("{\"eos_token_id\":[]}"));
    assertThatThrownBy(() -> CheckpointTokenizer.load(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected eos_token");
  }

  private static void post(ObjectNode json, String single) {
    json.set(
        "post_processor",
        TokenizerFolder.parse(
            ("{'type':'TemplateProcessing','single':" + single + ",'pair':[],'special_tokens':{}}")
                .replace('\'', '"')));
  }

  private static void replacements(ObjectNode json, int number, String content) {
    ArrayNode all = json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    for (int i = 0; i < number; i++) {
      ObjectNode each = all.addObject().put("type", "Replace").put("content", content);
      each.putObject("pattern").put("String", "Q");
    }
  }

  private static void split(ObjectNode json, String pattern) {
    ObjectNode split = json.putObject("pre_tokenizer").put("type", "Split");
    split.putObject("pattern").put("Regex", pattern);
    split.put("behavior", "Isolated").put("invert", false);
  }
}
