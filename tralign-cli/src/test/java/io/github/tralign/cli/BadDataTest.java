package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadDataTest {

  private static final String GOOD =
      "{\"prompt\":\"Hello \",\"chosen\":\"you\",\"rejected\":\"no\"}\n";

  @TempDir private Path folder;

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("broken JSON", GOOD + "{\"prompt\": ", ":2: "),
        fault("a missing field", "{\"prompt\":\"a\",\"chosen\":\"b\"}", ":1: ", "'rejected'"),
        fault(
            "a mistyped field",
            GOOD + "{\"prompt\":\"a\",\"chosen\":7,\"rejected\":\"c\"}",
            ":2: ",
            "'chosen'"),
        fault(
            "a completion of zero characters",
            GOOD + GOOD + "{\"prompt\":\"a\",\"chosen\":\"\",\"rejected\":\"c\"}",
            ":3: ",
            "'chosen'"),
        fault(
            "dialogues with unlike prompts",
            "{\"chosen\":\"\\n\\nHuman: a\\n\\nAssistant: b\","
                + "\"rejected\":\"\\n\\nHuman: c\\n\\nAssistant: d\"}",
            ":1: ",
            "differ"),
        fault(
            "invalid UTF-8",
            GOOD + "{\"prompt\":\"caf\u00e9\",\"chosen\":\"b\",\"rejected\":\"c\"}",
            ":2: ",
            "UTF-8"),
        fault("nothing", "", "rows.jsonl: "),
        fault("blank lines only", "\n \n", "rows.jsonl: "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void a_data_file_with_a_fault_is_refused_by_file_line_and_field(
      byte[] content, String... messages) throws IOException {
    assertRefused(Files.write(folder.resolve("rows.jsonl"), content), messages);
  }

  @Test
  void a_data_file_that_is_not_there_is_refused() {
    assertRefused(folder.resolve("nowhere.jsonl"), "nowhere.jsonl");
    assertRefused(folder, folder.toString());
  }

  @Test
  void a_truncated_gzip_file_is_refused() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(Files.readAllBytes(Cli.ROWS));
    }
    byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
    assertRefused(Files.write(folder.resolve("rows.jsonl.gz"), half), "rows.jsonl.gz", "truncated");
  }

  @Test
  void data_of_which_no_row_can_be_used_is_refused_with_the_reasons() throws IOException {
    Path data = Files.writeString(folder.resolve("rows.jsonl"), GOOD);
    assertRefused(data, new Object[] {"--max-length", 2}, "no row can be used", "rows.jsonl:1");
  }

  private void assertRefused(Path data, String... messages) {
    assertRefused(data, new Object[0], messages);
  }

  /** By both commands, and nothing is left behind. */
  private void assertRefused(Path data, Object[] more, String... messages) {
    for (String command : new String[] {"train", "logps"}) {
      Path output = folder.resolve("output");
      Object[] args = {
        command, "--policy", Cli.NEOX, "--data", data, "--output", output, "--quiet"
      };
      Object[] all = Stream.concat(Stream.of(args), Stream.of(more)).toArray();
      Cli.Outcome outcome = Cli.run(all);
      for (String message : messages) {
        BadOptionTest.assertRefused(outcome, message);
      }
      assertThat(folder).isDirectoryNotContaining(it -> it.toString().contains("output"));
    }
  }

  private static Arguments fault(String name, String content, String... messages) {
    return arguments(named(name, content.getBytes(ISO_8859_1)), messages);
  }
}
