package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answer files as the benchmarks read them; see docs/generation.md. */
class AnswerFormatTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void alpaca_eval_is_one_array_with_the_instructions_as_they_were() throws IOException {
    Path questions =
        write(
            "eval.json",
            "[{\"instruction\": \"\\ufeff Say  \\\"hi\\\"\\n\", \"dataset\": \"koala\"},"
                + " {\"instruction\": \"Why?\"}]");
    JsonNode answers = JSON.readTree(generate(questions, "alpaca-eval", "--model-name", "mine"));
    assertThat(answers).hasSize(2);
    assertThat(answers.get(0).fieldNames())
        .toIterable()
        .containsExactly("instruction", "output", "generator", "dataset");
    assertThat(answers.get(0).path("instruction").asText()).isEqualTo("\ufeff Say  \"hi\"\n");
    assertThat(answers.get(0).path("dataset").asText()).isEqualTo("koala");
    assertThat(answers.get(1).path("instruction").asText()).isEqualTo("Why?");
    assertThat(answers).allMatch(it -> it.path("generator").asText().equals("mine"));
    assertThat(answers).noneMatch(it -> it.path("output").asText().startsWith(" "));
  }

  @Test
  void the_old_arena_hard_has_choices_with_turns() throws IOException {
    Path questions =
        write(
            "question.jsonl",
            "{\"question_id\": \"q1\", \"category\": \"c\", \"turns\": [{\"content\": \"Why?\"}]}");
    JsonNode answer = JSON.readTree(generate(questions, "arena-hard"));
    assertThat(answer.path("question_id").asText()).isEqualTo("q1");
    assertThat(answer.path("answer_id").asText()).hasSize(22);
    assertThat(answer.path("model_id").asText()).isEqualTo("llama");
    assertThat(answer.at("/choices/0/index").asInt()).isZero();
    assertThat(answer.at("/choices/0/turns/0/content").asText()).isNotEmpty();
    assertThat(answer.at("/choices/0/turns/0/token_len").asInt()).isEqualTo(6);
    assertThat(answer.path("tstamp").asDouble()).isPositive();
    assertThat(answer.at("/conv_metadata/token_len").asInt()).isEqualTo(6);
    assertThat(answer.at("/conv_metadata/bold_count").has("**")).isTrue();
  }

  @Test
  void the_new_arena_hard_has_messages_whose_answer_is_an_object() throws IOException {
    Path questions =
        write("question.jsonl", "{\"uid\": \"u1\", \"category\": \"c\", \"prompt\": \"Why?\"}");
    JsonNode answer = JSON.readTree(generate(questions, "arena-hard-v2"));
    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("uid", "ans_id", "model", "messages", "tstamp", "metadata");
    assertThat(answer.at("/messages/0/content").asText()).isEqualTo("Why?");
    assertThat(answer.at("/messages/1/role").asText()).isEqualTo("assistant");
    assertThat(answer.at("/messages/1/content/answer").asText()).isNotEmpty();
    assertThat(answer.at("/metadata/token_len").asInt()).isEqualTo(6);
    assertThat(answer.at("/metadata/header_count").fieldNames())
        .toIterable()
        .containsExactly("h1", "h2", "h3", "h4", "h5", "h6");
  }

  @Test
  void questions_of_another_benchmark_are_an_error() throws IOException {
    Path questions = write("question.jsonl", "{\"uid\": \"u1\", \"prompt\": \"Why?\"}");
    Cli.Outcome outcome = run(questions, "arena-hard");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("question.jsonl:1: field 'question_id' is missing");
  }

  @Test
  void markdown_is_counted_outside_of_code() {
    JsonNode counts =
        MarkdownCounts.of(
            "# One\n## Two\n## Three\n1. a\n 2. b\n- c\n* d\n+ e\n**bold** and __too__\n"
                + "```\n# code\n- x **y**\n```\n");
    assertThat(counts.at("/header_count/h1").asInt()).isEqualTo(1);
    assertThat(counts.at("/header_count/h2").asInt()).isEqualTo(2);
    assertThat(counts.at("/list_count/ordered").asInt()).isEqualTo(2);
    assertThat(counts.at("/list_count/unordered").asInt()).isEqualTo(3);
    assertThat(counts.path("bold_count").path("**").asInt()).isEqualTo(1);
    assertThat(counts.path("bold_count").path("__").asInt()).isEqualTo(1);
  }

  /** As Arena-Hard's add_markdown_info.py counts them, which removes code wherever it occurs. */
  @Test
  void code_is_removed_everywhere_and_only_a_line_feed_ends_a_line() {
    JsonNode counts = MarkdownCounts.of("- a\r- b\n- c\n```- c\n```");
    assertThat(counts.at("/list_count/unordered").asInt()).isEqualTo(1);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String generate(Path questions, String format, Object... more) throws IOException {
    Cli.Outcome outcome = run(questions, format, more);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return Files.readString(folder.resolve("answers"));
  }

  private Cli.Outcome run(Path questions, String format, Object... more) {
    Object[] common = {
      "generate",
      "--policy",
      Cli.LLAMA,
      "--prompts",
      questions,
      "--output",
      folder.resolve("answers"),
      "--format",
      format,
      "--max-new-tokens",
      6,
      "--threads",
      1
    };
    return Cli.run(Stream.of(common, more).flatMap(Stream::of).toArray());
  }
}
