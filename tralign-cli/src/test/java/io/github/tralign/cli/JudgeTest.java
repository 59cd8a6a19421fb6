package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.judge.ScriptedJudge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {

  private static final int ROWS = 12;
  private static final long DEADLINE_SECONDS = 120;

  @TempDir private Path folder;
  private Path good;
  private Path bad;
  private Path output;

  @BeforeEach
  void write() throws IOException {
    good = answers("good");
    bad = answers("bad");
    output = folder.resolve("judged");
  }

  private Path answers(String word) throws IOException {
    return Files.writeString(
        folder.resolve(word + ".json"),
        IntStream.range(0, ROWS)
            .mapToObj(
                i ->
                    "{\"instruction\":\"q%s\",\"output\":\"a %s answer <b>\",\"generator\":\"%s\"}"
                        .formatted(i, word, word))
            .collect(Collectors.joining(",", "[", "]")));
  }

  private Cli.Outcome judge(ScriptedJudge judge, String method, Object... more) {
    Object[] common = {
      "judge",
      "--method",
      method,
      "--url",
      judge.server(0).url(),
      "--judge",
      "scripted",
      "--output",
      output,
      "--retries",
      0,
      "--parallel",
      3
    };
    return Cli.run(Stream.of(common, more).flatMap(Stream::of).toArray());
  }

  /** Names the good answer, wherever it is. */
  private static String verdict(JsonNode body) {
    String question = ScriptedJudge.question(body);
    return "[[" + (question.indexOf("a good") < question.indexOf("a bad") ? "A" : "B") + "]]";
  }

  private JsonNode summary() throws IOException {
    return new ObjectMapper().readTree(Files.readString(output.resolve("summary.json")));
  }

  @Test
  void two_models_are_compared_with_a_report_of_wins_and_losses() throws IOException {
    try (ScriptedJudge judge =
        ScriptedJudge.saying(
            body -> ScriptedJudge.question(body).contains("q3\n") ? "?" : verdict(body))) {
      Cli.Outcome outcome = judge(judge, "side-by-side", "--answers", good, "--baseline", bad);
      assertThat(outcome.err()).contains("asking scripted");
      assertThat(outcome.code()).isZero();
      assertThat(outcome.out()).containsPattern("win_rate +1\\.0000").contains("unread_verdicts");
    }
    assertThat(summary().path("win").asDouble()).isEqualTo(1);
    assertThat(summary().path("complete_pairs").asInt()).isEqualTo(ROWS - 1);
    assertThat(summary().path("unread_verdicts").asInt()).isEqualTo(2);
    assertThat(Files.readAllLines(output.resolve("verdicts.jsonl"))).hasSize(ROWS);
    assertThat(Files.readAllLines(output.resolve("replies.jsonl"))).hasSize(2 * ROWS + 1);
    Document page = Jsoup.parse(Files.readString(output.resolve("report.html")));
    assertThat(page.select("h2").eachText())
        .containsExactly("Results", "Wins", "Verdicts that could not be read", "Settings");
    assertThat(page.select(".sides p").eachText()).contains("a good answer <b>", "[[A]]");
    assertThat(page.select("script")).isEmpty();
  }

  @Test
  void a_judge_that_is_killed_resumes_with_what_is_missing() throws Exception {
    Object[] command;
    try (ScriptedJudge judge =
        ScriptedJudge.saying(JudgeTest::verdict).failing("", "", "", "", "", ScriptedJudge.SLOW)) {
      command =
          new Object[] {
            "judge",
            "--method",
            "side-by-side",
            "--url",
            judge.server(0).url(),
            "--judge",
            "s",
            "--output",
            output,
            "--parallel",
            1,
            "--answers",
            good,
            "--baseline",
            bad
          };
      Process process = Cli.start(folder, command);
      try {
        Path replies = output.resolve("replies.jsonl");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (judge.bodies().size() < 6 && process.isAlive() && System.nanoTime() < deadline) {
          Thread.sleep(10);
        }
        assertThat(Files.readAllLines(replies)).hasSize(6); // the first says what they belong to
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertThat(output.resolve("summary.json")).doesNotExist();
      Cli.Outcome outcome = Cli.run(command);
      assertThat(outcome.code()).isZero();
      assertThat(outcome.err()).contains("resuming: 19 requests of 24 left");
      List<JsonNode> bodies = judge.bodies();
      assertThat(bodies).hasSize(2 * ROWS + 1); // the one that hung is asked again
      Set<JsonNode> answered = new HashSet<>(bodies.subList(0, 5));
      assertThat(bodies.subList(6, bodies.size())).doesNotContainAnyElementsOf(answered);
    }
    assertThat(summary().path("win").asDouble()).isEqualTo(1);
  }

  @Test
  void scores_ask_for_a_schema() throws IOException {
    String five =
        "{\"coherence\":9,\"correctness\":8,\"level_of_detail\":7,\"helpfulness\":6,"
            + "\"harmlessness\":10}";
    try (ScriptedJudge judge =
        ScriptedJudge.saying(
            body ->
                ScriptedJudge.question(body).contains("q1\n")
                    ? five.replace("10", "11")
                    : ScriptedJudge.question(body).contains("q2\n")
                        ? "```json\n" + five + "\n```"
                        : five)) {
      assertThat(judge(judge, "scores", "--answers", good).code()).isZero();
      JsonNode format = judge.bodies().get(0).path("response_format");
      assertThat(format.path("json_schema").path("schema").path("required")).hasSize(5);
    }
    assertThat(summary().path("unread_verdicts").asInt()).isEqualTo(1);
    assertThat(summary().path("correctness").asDouble()).isEqualTo(8);
    assertThat(summary().path("mean").asDouble()).isEqualTo(8);
    assertThat(summary().path("mean_standard_error").asDouble()).isZero();
  }

  @Test
  void annotations_are_written_and_read_again() throws IOException {
    try (ScriptedJudge judge =
        new ScriptedJudge(
            body -> {
              ObjectNode completion = ScriptedJudge.completion("m");
              ObjectNode choice = (ObjectNode) completion.path("choices").path(0);
              ArrayNode top =
                  choice
                      .putObject("logprobs")
                      .putArray("content")
                      .addObject()
                      .putArray("top_logprobs");
              String best = verdict(body).equals("[[A]]") ? "m" : "M";
              top.addObject().put("token", best).put("logprob", -0.01);
              return completion;
            })) {
      Cli.Outcome outcome = judge(judge, "alpaca-eval", "--answers", good, "--baseline", bad);
      assertThat(outcome.err()).contains("asking");
      assertThat(outcome.code()).isZero();
    }
    assertThat(summary().path("win_rate").asDouble()).isEqualTo(100);
    assertThat(summary().path("length_control").asText()).isEqualTo("length_controlled_minimal");
    Cli.Outcome again =
        Cli.run("judge", "--method", "alpaca-eval", "--judged", output.resolve("annotations.json"));
    assertThat(again.code()).isZero();
    assertThat(again.out()).containsPattern("win_rate +100\\.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"arena-hard", "arena-hard-v2"})
  void arena_hard_is_judged_in_both_forms(String form) throws IOException {
    boolean old = form.equals("arena-hard");
    Path questions = folder.resolve("question.jsonl");
    String id = old ? "question_id" : "uid";
    Files.writeString(
        questions,
        "{\"%s\":\"x\",\"category\":\"c\",\"turns\":[{\"content\":\"why\"}],\"prompt\":\"why\"}\n"
            .formatted(id));
    for (String word : List.of("good", "bad")) {
      String answer =
          old
              ? "{\"question_id\":\"x\",\"model_id\":\"%s\",\"choices\":[{\"turns\":[{\"content\":\"a %s one\"}]}]}\n"
              : "{\"uid\":\"x\",\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"why\"},{\"content\":{\"answer\":\"a %s one\"}}]}\n";
      Files.writeString(folder.resolve(word + ".jsonl"), answer.formatted(word, word));
    }
    try (ScriptedJudge judge =
        ScriptedJudge.saying(body -> verdict(body).equals("[[A]]") ? "[[A>>B]]" : "[[B>A]]")) {
      Cli.Outcome outcome =
          judge(
              judge,
              form,
              "--answers",
              folder.resolve("good.jsonl"),
              "--baseline",
              folder.resolve("bad.jsonl"),
              "--questions",
              questions);
      assertThat(outcome.err()).contains("asking");
      assertThat(outcome.code()).isZero();
    }
    assertThat(summary().path("score").asDouble()).isEqualTo(100);
    JsonNode row = new ObjectMapper().readTree(Files.readString(output.resolve("good.jsonl")));
    assertThat(row.path("games").path(1).path("score").asText()).isEqualTo("A>>B");
    assertThat(row.path(id).asText()).isEqualTo("x");
  }

  @Test
  void the_cost_is_shown_before_anybody_is_asked() {
    Cli.Outcome outcome =
        Cli.run(
            "judge",
            "--method",
            "side-by-side",
            "--answers",
            good,
            "--baseline",
            bad,
            "--judge",
            "j",
            "--dry-run");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("24 requests\n", "at most 24,576 tokens of replies\n")
        .containsPattern("about [\\d,]+ tokens of prompts");
    assertThat(output).doesNotExist();
  }

  @Test
  void a_prompt_is_a_file_that_can_be_changed() throws IOException {
    Cli.Outcome shown = Cli.run("judge", "--method", "side-by-side", "--show-prompt");
    assertThat(shown.out()).contains("<|im_start|>system", "{output_2}");
    Path prompt = folder.resolve("prompt.txt");
    Files.writeString(prompt, shown.out().replace("[Request]", "[Frage]"));
    try (ScriptedJudge judge = ScriptedJudge.saying(JudgeTest::verdict)) {
      Cli.Outcome outcome =
          judge(judge, "side-by-side", "--answers", good, "--baseline", bad, "--prompt", prompt);
      assertThat(outcome.code()).isZero();
      assertThat(ScriptedJudge.question(judge.bodies().get(0))).startsWith("[Frage]\nq");
    }
    Files.writeString(prompt, "<|im_start|>user\n{instruction} {output_1}<|im_end|>");
    Cli.Outcome missing =
        Cli.run("judge", "--method", "side-by-side", "--prompt", prompt, "--show-prompt");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("prompt.txt: the placeholder {output_2} is missing");
  }

  @Test
  void a_server_that_fails_is_named_with_exit_code_1() {
    try (ScriptedJudge judge = ScriptedJudge.saying(JudgeTest::verdict)) {
      judge.alwaysFailing("500 0 overloaded");
      Cli.Outcome outcome = judge(judge, "side-by-side", "--answers", good, "--baseline", bad);
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("no answer (attempts: 1); the last error: status 500: overloaded")
          .doesNotContain("--stacktrace");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method nosuch|--method: unknown method 'nosuch'",
        "--method scores --baseline b.json|--baseline: has no effect with --method scores",
        "--method scores --gamed b.csv|--gamed: has no effect with --method scores",
        "--method side-by-side|missing: ",
        "--method alpaca-eval --gamed a --difficulty b|--difficulty: has no effect with --gamed",
        "--method scores --answers a --judge j --url ftp://x --output o --temperature hot"
            + "|--temperature: must be a number or 'none', not hot"
      })
  void invalid_options_are_named(String options, String message) {
    Cli.Outcome outcome =
        Cli.run(Stream.concat(Stream.of("judge"), Stream.of(options.split(" "))).toArray());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("tralign: " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "http://127.0.0.1:65536/v1", "http://127.0.0.1:0/v1"})
  void an_address_that_is_none_is_named(String url) {
    Cli.Outcome outcome =
        Cli.run(
            "judge",
            "--method",
            "scores",
            "--answers",
            good,
            "--judge",
            "j",
            "--url",
            url,
            "--output",
            output);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("tralign: --url: must be an address such as http://127.0.0.1:8080/v1 without")
        .contains("with a port of at most 65535, not " + url + "\n");
    assertThat(output).doesNotExist();
  }

  @Test
  void a_judge_with_invalid_logprobs_has_no_verdict() throws IOException {
    try (ScriptedJudge judge =
        new ScriptedJudge(
            body -> {
              ObjectNode completion = ScriptedJudge.completion("m");
              ObjectNode choice = (ObjectNode) completion.path("choices").path(0);
              ArrayNode content = choice.putObject("logprobs").putArray("content");
              content
                  .addObject()
                  .putArray("top_logprobs")
                  .addObject()
                  .put("token", "m")
                  .put("logprob", 1e308);
              return completion;
            })) {
      assertThat(judge(judge, "alpaca-eval", "--answers", good, "--baseline", bad).code()).isZero();
    }
    assertThat(summary().path("unread_verdicts").asInt()).isEqualTo(ROWS);
    assertThat(summary().has("win_rate")).isFalse();
  }

  @Test
  void a_difficulty_that_is_no_number_is_rejected() throws IOException {
    Path difficulty = Files.writeString(folder.resolve("d.csv"), "index,difficulty\n0,1\n1,NaN\n");
    Path gamed =
        Files.writeString(
            folder.resolve("g.csv"),
            "index,preference,std_delta_len,instruction_difficulty\n0,0.5,Infinity,1\n");
    Path judged =
        Files.writeString(
            folder.resolve("annotations.json"),
            "[{\"preference\":1,"
                + "\"instruction\":\"q\",\"output_1\":\"a\",\"generator_1\":\"x\",\"output_2\":\"b\","
                + "\"generator_2\":\"y\"}]");
    Cli.Outcome first =
        Cli.run("judge", "--method", "alpaca-eval", "--judged", judged, "--difficulty", difficulty);
    assertThat(first.code()).isEqualTo(2);
    assertThat(first.err()).contains("d.csv: the last column must have a number in each row");
    Cli.Outcome second =
        Cli.run("judge", "--method", "alpaca-eval", "--judged", judged, "--gamed", gamed);
    assertThat(second.code()).isEqualTo(2);
    assertThat(second.err()).contains("column 'std_delta_len' must be a number, not 'Infinity'");
  }
}
