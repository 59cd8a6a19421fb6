package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --output} of commands that write a file: nothing that they read is changed. */
class OutputFileTest {

  @TempDir private Path folder;
  private Path model;
  private Path data;
  private Path run;

  @BeforeEach
  void write() throws IOException {
    model = Cli.copy(Cli.NEOX, folder.resolve("model"));
    data = Files.copy(Cli.ROWS, Files.createDirectory(folder.resolve("rows")).resolve("a.jsonl"));
    run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1,\"loss\":0.5}\n");
  }

  private Cli.Outcome command(String name, Path output, Object... more) {
    Object[] args =
        name.equals("compare")
            ? new Object[] {name, run, "--output", output}
            : new Object[] {name, "--policy", model, "--data", data, "--output", output};
    return Cli.run(Stream.of(args, more).flatMap(Stream::of).toArray());
  }

  @Test
  void what_is_read_stays_by_whatever_name_it_is_called() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), model);
    Path weights = folder.resolve("blob");
    Files.move(model.resolve("model.safetensors"), weights);
    Files.createSymbolicLink(model.resolve("model.safetensors"), weights);
    Path toData = Files.createSymbolicLink(folder.resolve("data.json"), data);
    for (String name : List.of("logps", "evaluate")) {
      for (Path output :
          List.of(
              model.resolve("model.safetensors"),
              model.resolve("new.json"),
              model.resolve("../model/config.json"),
              link.resolve("config.json"),
              weights,
              data,
              toData)) {
        assertRefused(command(name, output), "--output: " + output);
        assertRefused(command(name, output, "--overwrite"), "choose another place");
      }
    }
    assertRefused(command("compare", run.resolve("metrics.jsonl")), "is read as RUN");
    assertThat(weights).hasSameBinaryContentAs(Cli.NEOX.resolve("model.safetensors"));
    assertThat(data).hasSameBinaryContentAs(Cli.ROWS);
    assertThat(run.resolve("metrics.jsonl")).content().contains("0.5");
  }

  @Test
  void a_folder_of_data_and_what_is_beside_the_model_are_read_too() throws IOException {
    Path template = Files.writeString(folder.resolve("template"), "{{ messages }}");
    assertRefused(
        command("logps", data.resolveSibling("b.jsonl"), "--data", data.getParent()), "is in");
    assertRefused(command("logps", template, "--chat-template", template), "as --chat-template");
    assertRefused(
        command("logps", folder.resolve("new"), "--cache", model.resolve("cache")),
        "--cache: " + model.resolve("cache") + " is in " + model);
    assertRefused(
        Cli.run("train", "--policy", model, "--data", data, "--output", model.resolve("run")),
        "--output: " + model.resolve("run") + " is in " + model);
  }

  @Test
  void what_lies_deep_in_a_folder_that_is_read_is_kept_too() throws IOException {
    Path deep = Files.createDirectories(data.resolveSibling("one").resolve("two"));
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path file = Files.writeString(elsewhere.resolve("file"), "");
    Files.createSymbolicLink(deep.resolve("file"), file);
    Object[] rows = {"--data", data.getParent()};
    assertRefused(command("logps", file, rows), file + " is " + deep.resolve("file"));
    assertRefused(command("logps", deep.resolve("new"), rows), "is in " + data.getParent());

    Files.createSymbolicLink(deep.resolve("link"), elsewhere);
    Files.createSymbolicLink(deep.resolve("loop"), data.getParent());
    Path inFolder = elsewhere.resolve("new");
    assertRefused(command("logps", inFolder, rows), inFolder + " is in " + deep.resolve("link"));
    assertThat(command("logps", folder.resolve("new"), rows).code()).isZero();
  }

  @Test
  void a_file_that_appears_meanwhile_is_not_replaced() throws IOException {
    Pattern own = Pattern.compile("own");
    Path file = folder.resolve("file");
    OutputFile.Target unseen = new OutputFile.Target(OutputFile.OPTION, file, own, false, false);
    OutputFile.Target overwriting =
        new OutputFile.Target(OutputFile.OPTION, file, own, false, true);
    OutputFile.Target seen = new OutputFile.Target(OutputFile.OPTION, file, own, true, false);
    for (String there : List.of("other", "own")) {
      Files.writeString(file, there);
      assertThatThrownBy(() -> unseen.writeString("own, new")).hasMessageContaining("meanwhile");
      assertThat(file).hasContent(there);
    }
    overwriting.writeString("own, newer");
    assertThat(file).hasContent("own, newer");
    Files.writeString(file, "other");
    for (OutputFile.Target target : List.of(seen, overwriting)) {
      assertThatThrownBy(() -> target.writeString("own, new"))
          .hasMessageContaining("was not written by this command");
      assertThat(file).hasContent("other");
    }
    Files.delete(file);
    seen.writeString("own, new");
    assertThat(file).hasContent("own, new");
    assertThat(folder).isDirectoryNotContaining(AtomicFile::isTemporary);
  }

  @Test
  void another_file_is_overwritten_only_where_it_is_asked_for() throws IOException {
    for (String name : List.of("logps", "evaluate", "compare")) {
      Path file = Files.writeString(folder.resolve(name), "mine");
      Path link = Files.createSymbolicLink(folder.resolve(name + "-link"), file);
      for (Path output : List.of(file, link)) {
        assertRefused(command(name, output), "was not written by this command");
        assertThat(file).hasContent("mine");
      }
      assertThat(command(name, link, "--overwrite").code()).isZero();
      assertThat(link).isSymbolicLink();
      String written = Files.readString(file);
      assertThat(written).isNotEqualTo("mine");
      assertThat(command(name, file).code()).isZero();
      assertThat(file).hasContent(written);
    }
  }

  /** There is room for its name, but not for that of the temporary file beside it. */
  @Test
  void a_file_that_cannot_be_written_is_named_itself() throws IOException {
    Path file = folder.resolve("x".repeat(240));
    Cli.Outcome outcome = command("compare", file);
    assertRefused(outcome, "--output: " + file + " cannot be written");
    assertThat(outcome.err()).doesNotContain(".tmp-");
  }

  @Test
  void what_is_no_file_is_not_replaced() throws IOException {
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("gone"));
    assertRefused(command("compare", nowhere), nowhere + " cannot be written: no such");
    assertThat(nowhere).isSymbolicLink();
    assertRefused(command("compare", Path.of("/dev/null"), "--overwrite"), "is a device or a pipe");
    assertRefused(
        command("logps", Path.of("/proc/tralign.jsonl")),
        "--output: /proc/tralign.jsonl cannot be written");
    assertRefused(
        command("logps", Path.of("/dev/null")),
        "expected a file's name, or - for the standard output");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          compare RUN --output -         | --output | file
          compare RUN --csv -            | --csv    | file
          evaluate --output -            | --output | file
          data a.jsonl --output -        | --output | file
          judge --output -               | --output | folder
          train --output -               | --output | folder
          merge --output -               | --output | folder
          toy --output -                 | --output | folder
          experiment frontier --output - | --output | folder
          experiment real --output -     | --output | folder
          quickstart --output -          | --output | folder
          """)
  void a_dash_is_no_name_where_the_standard_output_is_not_written_to(
      String command, String option, String kind) {
    Object[] args = command.replace("RUN", run.toString()).split(" ");
    assertRefused(
        Cli.run(args),
        option
            + ": - is not the standard output here; expected the name of a "
            + kind
            + ", or ./- if - is its name");
    assertThat(Path.of("-")).doesNotExist();
    assertThat(Path.of("compare.html")).doesNotExist();
  }
}
