package io.github.tralign.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bta: 0.1                | :2: unknown key 'bta'; did you mean beta?
          config: other.yaml      | :2: unknown key 'config'
          beta: much              | :2: --beta: 'much' is not a number
          beta: -1                | :2: --beta: beta must be a number > 0, not -1.0
          reference: sotf:0.6     | :2: --reference: unknown reference 'sotf:0.6'; did you mean soft?
          shuffle: yes            | :2: --shuffle: 'yes' is neither true nor false
          beta:                   | :2: key 'beta' needs a value
          beta: {a: 1}            | :2: key 'beta' needs a value
          beta: [0.1, 0.2]        | --beta: is given twice
          loss: dpo               | :2: key 'loss' is given twice
          beta: "0.1              | is not valid YAML
          - dpo                   | is not valid YAML
          """)
  void a_wrong_line_is_refused_by_file_line_and_key(String line, String message)
      throws IOException {
    Path file = config("loss: dpo\n" + line + "\n");
    Cli.Outcome outcome = train(file, "--policy", Cli.NEOX, "--data", Cli.ROWS);
    BadOptionTest.assertRefused(outcome, message);
  }

  @Test
  void a_file_that_is_no_map_is_refused() throws IOException {
    BadOptionTest.assertRefused(
        train(config("[1, 2]")), "run.yaml:1: expected lines of the form 'option: value'");
  }

  @Test
  void the_command_line_wins() throws IOException {
    Path file = config("beta: -1\ndata: [nowhere.jsonl, elsewhere.jsonl]\n");
    BadOptionTest.assertRefused(
        train(file, "--policy", Cli.NEOX, "--beta", "0.1", "--data=third.jsonl"), "third.jsonl");
  }

  @Test
  void an_empty_file_changes_nothing() throws IOException {
    BadOptionTest.assertRefused(train(config("# nothing\n")), "missing: --policy DIR, --data FILE");
  }

  private Path config(String content) throws IOException {
    return Files.writeString(folder.resolve("run.yaml"), content);
  }

  /** With the options that must be there. */
  private Cli.Outcome train(Path config, Object... more) {
    Object[] args = {"train", "--config", config, "--output", folder.resolve("run")};
    return Cli.run(Stream.concat(Stream.of(args), Stream.of(more)).toArray());
  }
}
