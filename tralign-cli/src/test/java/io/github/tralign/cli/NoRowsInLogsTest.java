package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows are named by file and line; what is in them is nobody's business unless asked for. */
class NoRowsInLogsTest {

  private static final String SECRET = "xylophone";

  @TempDir private Path folder;

  private Path rows(int good, String... more) throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < good; i++) {
      rows.add(
          String.format(
              "{\"prompt\":\"%1$s %2$d? \",\"chosen\":\"%1$s %2$d\",\"rejected\":\"no %1$s\"}",
              SECRET, i));
    }
    rows.addAll(List.of(more));
    return Files.write(folder.resolve("rows.jsonl"), rows);
  }

  /** In a process of its own, whose Java may print too. */
  private Cli.Outcome train(Path rows, Object... more) throws Exception {
    return Cli.process(folder, training(rows, more));
  }

  /** In this process, with what loggers write. */
  private Cli.Outcome trainHere(Path rows, Object... more) {
    PrintStream err = System.err;
    ByteArrayOutputStream logs = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logs, true, UTF_8));
    try {
      Cli.Outcome outcome = Cli.run(training(rows, more));
      return new Cli.Outcome(outcome.code(), outcome.out(), outcome.err() + logs.toString(UTF_8));
    } finally {
      System.setErr(err);
    }
  }

  private Object[] training(Path rows, Object... more) {
    Object[] args = {
      "train",
      "--policy",
      Cli.NEOX,
      "--data",
      rows,
      "--output",
      folder.resolve("run"),
      "--max-steps",
      6,
      "--batch-size",
      4,
      "--threads",
      1
    };
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray();
  }

  @Test
  void a_run_leaves_no_row_in_what_it_prints_and_writes() throws Exception {
    Path rows = rows(12, "{\"prompt\":\"" + SECRET + "\",\"chosen\":\"a\"}");
    Cli.Outcome outcome =
        train(
            rows,
            "--skip-invalid",
            "--eval-data",
            rows,
            "--reference",
            "hard:2",
            "--checkpoint-every",
            2,
            "--tensorboard");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("rows.jsonl:13");
    assertSilent(outcome);
  }

  @Test
  void a_loss_that_is_not_finite_names_the_rows_by_their_places() throws Exception {
    Cli.Outcome outcome = train(rows(12), "--learning-rate", "1", "--weight-decay", "1e30");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("the step's rows are [", "rows.jsonl:");
    assertSilent(outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt\":\"xylophone\",\"chosen\":\"xylophone",
        "xylophone",
        "{\"prompt\":\"a\",\"chosen\":xylophone,\"rejected\":\"b\"}",
        "{\"prompt\":\"xylophone\",\"chosen\":7,\"rejected\":\"xylophone\"}",
        "{\"prompt\":\"xylophone\",\"chosen\":\"\",\"rejected\":\"xylophone\"}",
        "{\"prompt\":\"xylophone\",\"completion\":\"xylophone\",\"label\":\"xylophone\"}",
        "{\"prompt\":[{\"role\":\"xylophone\",\"content\":\"xylophone\"}],\"chosen\":[],\"rejected\":[]}",
        "[\"xylophone\"]"
      })
  void an_invalid_row_is_named_by_its_place(String row) throws IOException {
    assertNamedByItsPlace(trainHere(rows(2, row), "--stacktrace"));
  }

  @Test
  void an_invalid_row_is_named_by_its_place_in_a_process_too() throws Exception {
    assertNamedByItsPlace(train(rows(2, "{\"prompt\":" + SECRET), "--stacktrace"));
  }

  private void assertNamedByItsPlace(Cli.Outcome outcome) throws IOException {
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("rows.jsonl:3");
    assertSilent(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "rows.json, '[{\"prompt\":\"xylophone\", xylophone}]'",
    "rows.json, '[{\"prompt\":\"xylophone\"},xylophone]'",
    "rows.csv, 'prompt,chosen,rejected\nxylophone,xylophone,xylophone,xylophone'",
    "rows.csv, 'prompt,chosen,rejected\n\"xylophone,xylophone,xylophone'",
    "rows.csv, 'prompt,chosen,rejected\n\"xylophone\"xylophone,xylophone,xylophone'"
  })
  void an_invalid_file_is_named_by_the_place_too(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    Cli.Outcome outcome = trainHere(file, "--stacktrace");
    assertThat(outcome.code()).as(outcome.out()).isEqualTo(2);
    assertThat(outcome.err()).contains(name + ":");
    assertSilent(outcome);
  }

  private void assertSilent(Cli.Outcome outcome) throws IOException {
    assertThat(outcome.out() + outcome.err()).doesNotContain(SECRET);
    Path run = folder.resolve("run");
    if (!Files.exists(run)) {
      return;
    }
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain(SECRET);
      }
    }
  }

  @Test
  void whoever_asks_for_rows_sees_them() throws Exception {
    Cli.Outcome outcome = Cli.run("data", rows(3), "--policy", Cli.NEOX, "--show", 1);
    assertThat(outcome.out()).contains(SECRET);
  }
}
