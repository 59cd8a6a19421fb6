package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code judge --style-control}, on answers that were judged before. */
class StyleControlTest {

  private static final int ROWS = 12;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"arena-hard", "arena-hard-v2"})
  void scores_are_computed_with_style_control(String form) throws IOException {
    boolean old = form.equals("arena-hard");
    Path answers = Files.createDirectories(folder.resolve("model_answer"));
    Path judgments = Files.createDirectories(folder.resolve("model_judgment/scripted"));
    for (String model : List.of("base", "one", "two")) {
      int longer = model.equals("two") ? 40 : 0;
      Files.writeString(
          answers.resolve(model + ".jsonl"),
          IntStream.range(0, ROWS)
              .mapToObj(i -> styledAnswer(old, i, model, 50 + longer + 7 * i % 30))
              .collect(Collectors.joining()));
      if (!model.equals("base")) {
        Files.writeString(
            judgments.resolve(model + ".jsonl"),
            IntStream.range(0, ROWS)
                .mapToObj(i -> judgment(old, i, model))
                .collect(Collectors.joining()));
      }
    }
    Cli.Outcome outcome =
        Cli.run(
            "judge",
            "--method",
            form,
            "--style-control",
            folder,
            "--judge",
            "scripted",
            "--baseline",
            answers.resolve("base.jsonl"));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("(?m)^one +\\d+\\.\\d+$")
        .containsPattern("(?m)^two_interval +\\d+\\.\\d+ to \\d+\\.\\d+$");
  }

  private static String styledAnswer(boolean old, int row, String model, int tokens) {
    String style =
        "{\"token_len\":%s,\"header_count\":{},\"list_count\":{},\"bold_count\":{}}"
            .formatted(tokens);
    return (old
            ? "{\"question_id\":\"%s\",\"model_id\":\"%s\",\"choices\":[{\"turns\":[{\"content\":\"a\"}]}],\"conv_metadata\":%s}\n"
            : "{\"uid\":\"%s\",\"model\":\"%s\",\"messages\":[{\"content\":{\"answer\":\"a\"}}],\"metadata\":%s}\n")
        .formatted(row, model, style);
  }

  private static String judgment(boolean old, int row, String model) {
    String first = List.of("A>B", "B>A", "B>>A", "A=B").get(row % 4);
    String game = "{\"score\":\"%s\",\"judgment\":\"\"}";
    return "{\"%s\":\"%s\",\"category\":\"c\",\"model\":\"%s\",\"games\":[%s,%s]}\n"
        .formatted(
            old ? "question_id" : "uid", row, model, game.formatted(first), game.formatted("A>B"));
  }
}
