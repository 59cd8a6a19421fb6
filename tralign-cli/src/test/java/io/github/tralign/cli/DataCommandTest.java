package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {

  private static final String PAIR =
      "{\"prompt\":\"Hello\",\"chosen\":\" you two\",\"rejected\":\" no\"}\n";

  @TempDir private Path folder;

  @Test
  void the_report_and_the_first_rows_are_shown() throws Exception {
    Path file = write("pairs.jsonl", PAIR + PAIR + "{\"prompt\": 3}\n");
    Cli.Outcome outcome =
        Cli.process(
            folder, "data", file, "--policy", Cli.NEOX, "--skip-invalid", "--show", 1, "--quiet");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("2 of 3 rows used")
        .contains("dropped because a field is missing or invalid: 1 (" + file + ":3)")
        .contains("rows that repeat an earlier one, token by token: 1")
        .contains("the chosen completion is longer in 100.0 % of the pairs")
        .contains("\n" + file + ":1\nprompt, ")
        .contains(" tokens:\nHello\nchosen, ")
        .contains(" tokens:\n you two")
        .doesNotContain(file + ":2\n")
        .doesNotContain("\u001b");
  }

  @Test
  void tokens_are_shown_on_demand() throws IOException {
    Path file = write("pairs.jsonl", PAIR);
    String plain = Cli.run("data", file, "--tokenizer", Cli.NEOX).out();
    String tokens = Cli.run("data", "--data", file, "--tokenizer", Cli.NEOX, "--tokens").out();
    assertThat(plain).doesNotContainPattern("\\d+ 'Hel");
    assertThat(tokens).containsPattern("\\d+ 'H").hasSizeGreaterThan(plain.length());
  }

  @Test
  void control_characters_of_the_data_do_not_reach_the_terminal() throws IOException {
    Path file = write("pairs.jsonl", PAIR.replace("Hello", "\\u001b[31m\\u0000\\b"));
    Cli.Outcome outcome = Cli.run("data", file, "--tokenizer", Cli.NEOX);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).doesNotContain("\u001b", "\u0000", "\b").contains("\\u001b[31m");
  }

  @Test
  void other_columns_are_mapped_and_files_are_mixed() throws IOException {
    Path orca = write("orca.csv", "question,good,bad\nWhy?,So.,No.\nHow?,Thus.,\"N\no.\"\n");
    Path pairs =
        write(
            "pairs.jsonl",
            PAIR.replace("prompt", "question")
                .replace("chosen", "good")
                .replace("rejected", "bad")
                .repeat(50));
    Cli.Outcome outcome =
        Cli.run(
            "data",
            orca,
            pairs,
            "--tokenizer",
            Cli.NEOX,
            "--mix",
            "1,9",
            "--columns",
            "prompt=question,chosen=good,rejected=bad");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains(orca + ": 2 rows, ")
        .contains(" rows read, the rest not needed, ");
  }

  @Test
  void token_ids_are_written_as_lines_or_as_parquet() throws Exception {
    String labelled = "{\"prompt\": \"Hello\", \"completion\": \" you\", \"label\": false}\n";
    Path pairs = write("pairs.jsonl", PAIR + "{\"prompt\": 3}\n" + PAIR);
    Path completions = write("labelled.jsonl", labelled);
    Path lines = folder.resolve("tokens.jsonl");
    Path table = folder.resolve("tokens.parquet");
    Object[] options = {"--tokenizer", Cli.NEOX, "--quiet", "--skip-invalid", "--show", 0};
    for (Path output : List.of(lines, table)) {
      Cli.Outcome outcome =
          Cli.run(
              Stream.of(new Object[] {"data", pairs, completions, "--output", output}, options)
                  .flatMap(Stream::of)
                  .toArray());
      assertThat(outcome.code()).as(outcome.err()).isZero();
    }
    List<JsonNode> rows = TrainTest.lines(lines);
    assertThat(LogpsTest.rows(table)).isEqualTo(rows);
    assertThat(rows).map(it -> it.path("index").asInt()).containsExactly(0, 2, 3);
    assertThat(rows.get(0).fieldNames())
        .toIterable()
        .containsExactly("index", "prompt_ids", "chosen_ids", "rejected_ids", "weight");
    assertThat(rows.get(2).fieldNames())
        .toIterable()
        .containsExactly("index", "prompt_ids", "completion_ids", "label", "weight");
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(Cli.NEOX)) {
      Example example = PreferenceData.read(tokenizer).file(completions).examples().get(0);
      assertThat(rows.get(2).path("prompt_ids"))
          .hasToString(example.prompt().toString().replace(" ", ""));
      assertThat(rows.get(2).path("completion_ids"))
          .hasToString(example.completions().get(0).toString().replace(" ", ""));
    }
    assertThat(rows.get(2).path("label").asBoolean(true)).isFalse();
  }

  @Test
  void what_cannot_be_is_refused_by_its_option() throws IOException {
    Path file = write("pairs.jsonl", PAIR);
    assertRefused("missing: FILE", "data", "--tokenizer", Cli.NEOX);
    assertRefused("missing: --tokenizer DIR or --policy DIR", "data", file);
    assertRefused(
        "--policy and --tokenizer: expected one of them",
        "data",
        file,
        "--tokenizer",
        Cli.NEOX,
        "--policy",
        Cli.NEOX);
    assertRefused(
        "--mix: 2 weights for 1 data file", "data", file, "--tokenizer", Cli.NEOX, "--mix", "1,2");
    assertRefused("--mix: the weight of", "data", file, "--tokenizer", Cli.NEOX, "--mix", "0");
    assertRefused(
        "--form: unknown form 'pair'; known: pairs, ",
        "data",
        file,
        "--tokenizer",
        Cli.NEOX,
        "--form",
        "pair");
    assertRefused(
        "--columns: the column 'a' cannot be two columns of the form",
        "data",
        file,
        "--tokenizer",
        Cli.NEOX,
        "--columns",
        "prompt=a,chosen=a");
    assertRefused(
        "--turns: unknown choice of turns 'first'; known: last, all",
        "data",
        file,
        "--tokenizer",
        Cli.NEOX,
        "--turns",
        "first");
    assertRefused(
        file + ":1: --turns all is for", "data", file, "--tokenizer", Cli.NEOX, "--turns", "all");
    assertRefused(
        file + ":1: --pairs is for", "data", file, "--tokenizer", Cli.NEOX, "--pairs", "all");
    assertRefused(
        "--first-index: has no effect without --output",
        "data",
        file,
        "--tokenizer",
        Cli.NEOX,
        "--first-index",
        1);
    assertRefused(
        "--first-index: must be in [0, 1000000000000000], not 9223372036854775807",
        "data",
        file,
        "--tokenizer",
        Cli.NEOX,
        "--output",
        folder.resolve("rows.jsonl"),
        "--first-index",
        Long.MAX_VALUE);
    assertRefused("--show: must be", "data", file, "--tokenizer", Cli.NEOX, "--show", "-1");
  }

  private static void assertRefused(String message, Object... args) {
    Cli.Outcome outcome = Cli.run(args);
    assertThat(outcome.code()).as(outcome.out()).isEqualTo(2);
    assertThat(outcome.err()).contains("tralign: " + message);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }
}
