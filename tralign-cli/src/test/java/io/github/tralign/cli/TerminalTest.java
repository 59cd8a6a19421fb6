package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that would move a terminal's cursor, change its colours or turn its text around. */
class TerminalTest {

  private static final String HOSTILE = "\u001b[31m\u009b2J\u202e\u2066\u200b\u0007";

  @TempDir private Path folder;

  @Test
  void no_name_reaches_the_terminal_as_it_is() throws IOException {
    Path data = folder.resolve("rows" + HOSTILE + ".jsonl");
    Files.writeString(data, Files.readAllLines(Cli.ROWS).get(0) + "\n");
    Path odd = folder.resolve("odd.jsonl");
    Files.writeString(odd, "{\"prompt" + escaped() + "\":\"a\",\"x\":\"b\"}\n");
    Path text = folder.resolve("text.jsonl");
    Files.writeString(
        text, "{\"prompt\":\"" + escaped() + "\",\"chosen\":\"a\",\"rejected\":\"b\"}\n");
    Path template = folder.resolve("template");
    Files.writeString(template, "{{ raise_exception('" + HOSTILE + "') }}{{ x." + HOSTILE + " }}");
    Path config = Files.writeString(folder.resolve("config.yaml"), "\"be" + escaped() + "\": 1\n");
    Path run = folder.resolve("run" + HOSTILE);
    List<Object[]> commands =
        List.of(
            new Object[] {"data", data, "--tokenizer", Cli.NEOX},
            new Object[] {"data", odd, "--tokenizer", Cli.NEOX},
            new Object[] {"data", text, "--tokenizer", Cli.NEOX, "--tokens"},
            new Object[] {"data", Cli.ROWS, "--tokenizer", Cli.NEOX, "--chat-template", template},
            new Object[] {"data", HOSTILE, "--tokenizer", HOSTILE},
            new Object[] {"train", "--config", config},
            new Object[] {"train", "--" + HOSTILE},
            new Object[] {"train", "--beta", HOSTILE},
            new Object[] {"train", "--beta", HOSTILE, "--stacktrace"},
            new Object[] {"data", Cli.ROWS, "--tokenizer", Cli.NEOX, "--columns", "a=" + HOSTILE},
            new Object[] {HOSTILE},
            new Object[] {"compare", run},
            Cli.training("train", run, "--max-steps", 1),
            new Object[] {"train", "--resume", "--output", run},
            new Object[] {"compare", run, "--output", folder.resolve("page" + HOSTILE)});
    for (Object[] command : commands) {
      Cli.Outcome outcome = Cli.run(command);
      assertThat(outcome.out() + outcome.err())
          .as(List.of(command).toString())
          .isNotEmpty()
          .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\\n\\t]]");
    }
  }

  /** As JSON and YAML can write it. */
  private static String escaped() {
    StringBuilder escaped = new StringBuilder();
    for (char c : HOSTILE.toCharArray()) {
      escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return escaped.toString();
  }
}
