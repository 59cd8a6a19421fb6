package io.github.tralign.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a tiny model, which learns the pairs by heart but cannot write. */
class CourtesyQuickstartTest {

  private static final Path LLAMA =
      Path.of("../tralign-djl/src/test/resources/io/github/tralign/djl/golden/llama");

  @TempDir private Path folder;

  @Test
  void a_model_without_a_template_is_asked_in_plain_text() throws IOException {
    String text = run(LLAMA, "plain");
    assertThat(text)
        .contains("Questions that no run was trained on")
        .contains("\n  before ", "\n  DPO ", "\n  TR-DPO ")
        .containsPattern("(?m)^before +\\d+%$")
        .containsPattern(
            "(?m)^TR-DPO +soft:0\\.6 +\\d+% +\\d+% +[+-][\\d.]+ +[\\d.-]+ ± +[\\d.]+ ");
    Path made = folder.resolve("plain");
    assertThat(made.resolve("data/train.jsonl")).content().contains("\"prompt\":\"Question: ");
    for (String run : List.of("dpo", "tr-dpo-soft")) {
      assertThat(made.resolve("runs").resolve(run).resolve("adapter/adapter_config.json")).exists();
      assertThat(made.resolve("runs").resolve(run).resolve("report.html")).isNotEmptyFile();
      assertThat(Files.readAllLines(made.resolve("runs").resolve(run).resolve("metrics.jsonl")))
          .hasSize(2)
          .first()
          .asString()
          .contains("\"loss\":0.693147");
    }
    assertThat(made.resolve("answers.txt")).content().startsWith("Questions that no run");
    assertThat(run(LLAMA, "plain")).isEqualTo(text); // replaced, with the same results
  }

  @Test
  void a_model_with_a_template_is_asked_in_messages() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    try (Stream<Path> files = Files.list(LLAMA)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    Files.writeString(
        model.resolve("chat_template.jinja"),
        "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}\n{% endfor %}"
            + "{% if add_generation_prompt %}<assistant>{% endif %}");
    assertThat(run(model, "chat")).contains("Questions that no run was trained on");
    assertThat(folder.resolve("chat/data/held-out.jsonl"))
        .content()
        .startsWith("{\"prompt\":[{\"role\":\"user\",\"content\":\"")
        .hasLineCount(4);
  }

  @Test
  void long_answers_are_wrapped_at_blanks() {
    String wrapped = CourtesyReport.wrapped("  DPO     " + "word ".repeat(40) + "\nend");
    assertThat(wrapped.lines()).hasSizeGreaterThan(2).allMatch(line -> line.length() <= 96);
    assertThat(wrapped).endsWith(" / end\n").contains("\n          word");
  }

  private String run(Path model, String name) throws IOException {
    CourtesySettings settings =
        new CourtesySettingsBuilder()
            .trainingPairs(8)
            .heldOutPairs(4)
            .batch(4)
            .rank(2)
            .maxNewTokens(4)
            .shown(2)
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, UTF_8);
    new CourtesyQuickstart(
            folder.resolve(name),
            model,
            settings,
            new QuickstartConsole(printed, printed, true, false))
        .run();
    return out.toString(UTF_8).replaceAll(" +\\d+ s\\n", " N s\n");
  }
}
