package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {

  @TempDir private Path folder;

  @Test
  void a_second_command_reads_the_tokens_of_the_first_and_scores_the_same() throws IOException {
    Path cache = folder.resolve("cache");
    Cli.Outcome without = logps();
    Cli.Outcome first = logps("--cache", cache);
    Cli.Outcome second = logps("--cache", cache);

    assertThat(first.code()).isZero();
    assertThat(second.out()).isEqualTo(first.out()).isEqualTo(without.out());
    assertThat(second.err()).doesNotContain("warning");
    assertThat(files(cache)).singleElement().asString().contains("tokens-");
  }

  @Test
  void a_damaged_file_is_reported_and_made_anew() throws IOException {
    Path cache = folder.resolve("cache");
    Cli.Outcome first = logps("--cache", cache);
    Path file = files(cache).get(0);
    byte[] bytes = Files.readAllBytes(file);
    bytes[100] ^= 1;
    Files.write(file, bytes);

    Cli.Outcome second = logps("--cache", cache);
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err())
        .contains("warning: " + file + ": the file is damaged; it will be created again");
  }

  @Test
  void the_rule_of_truncation_and_the_date_are_words_that_are_known() {
    assertThat(logps("--truncation", "keep_middle").err())
        .contains("--truncation")
        .contains("known: keep_start, keep_end, drop");
    assertThat(logps("--chat-date", "today").err())
        .contains("--chat-date")
        .contains("'today' is not a date such as 2024-07-26");
    assertThat(logps("--truncation", "drop", "--max-length", 40).err()).contains("longer than its");
  }

  @Test
  void a_chat_template_that_is_none_is_refused() throws IOException {
    Path template = Files.writeString(folder.resolve("t.jinja"), "{% if %}");
    Cli.Outcome outcome = logps("--chat-template", template);

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("t.jinja: line 1 of the chat template");
  }

  @Test
  void conversations_are_written_by_the_models_template_and_scored() throws IOException {
    Path model = Cli.copy(Cli.NEOX, folder.resolve("model"));
    Path data =
        Files.writeString(
            folder.resolve("chat.jsonl"),
            """
            {"prompt": [{"role": "user", "content": "Hi"}], \
            "chosen": [{"role": "assistant", "content": "Yes."}], \
            "rejected": [{"role": "assistant", "content": "No, never."}]}
            """);
    Cli.Outcome without = Cli.run("logps", "--policy", model, "--data", data, "--output", "-");
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err()).contains("--chat-template");

    Files.writeString(
        model.resolve("chat_template.jinja"),
        "{% for m in messages %}{{ m.role ~ ': ' ~ m.content ~ eos_token ~ '\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}");
    Cli.Outcome chat = Cli.run("logps", "--policy", model, "--data", data, "--output", "-");
    Path text =
        Files.writeString(
            folder.resolve("text.jsonl"),
            """
            {"prompt": "user: Hi<|endoftext|>\\nassistant: ", "chosen": "Yes.", \
            "rejected": "No, never."}
            """);
    Cli.Outcome plain = Cli.run("logps", "--policy", model, "--data", text, "--output", "-");

    assertThat(chat.code()).isZero();
    assertThat(chat.out()).isEqualTo(plain.out());
  }

  private static java.util.List<Path> files(Path cache) throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.toList();
    }
  }

  private Cli.Outcome logps(Object... more) {
    Object[] given = {"logps", "--policy", Cli.NEOX, "--data", Cli.ROWS, "--output", "-"};
    return Cli.run(Stream.concat(Stream.of(given), Stream.of(more)).toArray());
  }
}
