package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a run that other programs, or disks, have changed. */
class CompareFuzzTest {

  private static final Map<String, String> FILES =
      Map.of(
          "metrics.jsonl",
          "{\"step\":1,\"loss\":0.5,\"reference/weight\":1.0}\n{\"step\":2,\"loss\":0.25}\n",
          "config.yaml",
          "loss: dpo\ndata: [a, b]\nprovenance:\n  versions:\n    java: 17\n",
          "summary.json",
          "{\"seconds\":{\"load\":1.5},\"last\":{\"loss\":0.25},\"early_stop\":\"x\"}\n");

  private static final List<String> VALUES =
      List.of(
          "null",
          "1e999",
          "-1e999",
          "NaN",
          "true",
          "[null]",
          "[[{\"a\":[null]}]]",
          "{\"a\":null}",
          "9".repeat(2000),
          "99999999999999999999",
          "\"\"",
          "\"\\ud800\"",
          "[".repeat(2000),
          "&a [*a]",
          "!!java.net.URL x",
          "? null",
          "");

  @TempDir private Path folder;
  private int number;

  @Test
  void a_value_in_the_place_of_another_is_shown_or_refused_by_file() throws IOException {
    replaceValues(7);
  }

  @Test
  @Tag("nightly")
  void any_value_in_the_place_of_any_other_is_shown_or_refused_by_file() throws IOException {
    replaceValues(1);
  }

  /** One in so many replacements: each value is tried, and so is each place. */
  private void replaceValues(int one) throws IOException {
    int replacement = 0;
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      for (String value : VALUES) {
        check(file.getKey(), value);
        for (String old :
            List.of("0.5", "0.25", "1.5", "dpo", "17", "[a, b]", "\"x\"", "1,", "\"loss\"")) {
          if (replacement++ % one == 0) {
            check(file.getKey(), file.getValue().replace(old, value));
          }
        }
      }
    }
  }

  @Test
  void a_byte_that_flips_or_is_missing_is_shown_or_refused_by_file() throws IOException {
    damage(25);
  }

  @Test
  @Tag("nightly")
  void bytes_that_flip_or_are_missing_are_shown_or_refused_by_file() throws IOException {
    damage(100);
  }

  private void damage(int times) throws IOException {
    Random random = new Random(17);
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      for (int time = 0; time < times; time++) {
        byte[] bytes = file.getValue().getBytes(ISO_8859_1);
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        String content = new String(bytes, ISO_8859_1);
        check(file.getKey(), time % 4 == 0 ? content.substring(0, random.nextInt(20)) : content);
      }
    }
  }

  @Test
  @Tag("nightly")
  void a_line_or_a_value_of_four_megabytes_is_no_failure() throws IOException {
    String large = "x".repeat(1 << 22);
    check("metrics.jsonl", "{\"step\":1,\"" + large + "\":1}\n");
    check("metrics.jsonl", "{\"step\":1,\"loss\":" + "1".repeat(1 << 22) + "}\n{}\n");
    check("config.yaml", "loss: " + large + "\n");
    check("summary.json", "{\"early_stop\":\"" + large + "\"}");
  }

  private void check(String changed, String content) throws IOException {
    Path run = Files.createDirectory(folder.resolve("run" + number));
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Files.writeString(run.resolve(file.getKey()), file.getValue());
    }
    Files.write(run.resolve(changed), content.getBytes(ISO_8859_1));
    Cli.Outcome outcome =
        Cli.run("compare", run, "--output", folder.resolve("page" + number++ + ".html"));
    String shown = content.length() > 300 ? content.substring(0, 300) + "…" : content;
    if (outcome.code() != 0) {
      assertThat(outcome.code()).as("%s: %s%n%s", changed, shown, outcome.err()).isEqualTo(2);
      assertThat(outcome.err())
          .as(shown)
          .contains(run.resolve(changed).toString())
          .doesNotContain("Exception", "null\n", "java.")
          .hasSizeLessThan(1000);
    }
  }
}
