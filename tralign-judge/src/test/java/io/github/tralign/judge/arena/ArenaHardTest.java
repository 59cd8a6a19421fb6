package io.github.tralign.judge.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Table;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.judge.AnswerPair;
import io.github.tralign.judge.JudgePrompt;
import io.github.tralign.judge.ScriptedJudge;
import io.github.tralign.judge.arena.ArenaAnswer.Style;
import io.github.tralign.judge.client.ChatClient;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.Inquiry;
import io.github.tralign.judge.client.ReplyForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArenaHardTest {

  private static final ChatSettings SETTINGS =
      new ChatSettings("judge", OptionalDouble.of(0), 100, false, ReplyForm.TEXT);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "My verdict: [[A>B]],A>B,A>B",
        "[[A>B]] or rather [[B>>A]],-,B>>A",
        "[[A=B]] … [[A=B]],A=B,A=B",
        "it is [a>>b],-,A>>B",
        "nothing,-,-",
        "[[A<B]],A<B,A<B"
      })
  void labels_are_read_as_each_form_does(String reply, String old, String now) {
    assertThat(ArenaForm.ARENA_HARD.label(reply)).isEqualTo(Optional.ofNullable(old));
    assertThat(ArenaForm.ARENA_HARD_V2.label(reply)).isEqualTo(Optional.ofNullable(now));
  }

  private static Judgment judgment(int id, String first, String second) {
    return new Judgment(
        "q" + id,
        "hard_prompt",
        "model",
        ImmutableList.of(
            new Game("", Optional.of(first).filter(Game::isLabel)),
            new Game("", Optional.of(second).filter(Game::isLabel))));
  }

  @Test
  void strong_verdicts_count_three_times_and_the_unread_not_at_all() {
    List<Judgment> judgments =
        List.of(judgment(0, "B>>A", "A>B"), judgment(1, "A=B", "B>A"), judgment(2, "?", "A>>B"));
    ArenaScore now = ArenaScore.of(ArenaForm.ARENA_HARD_V2, judgments);
    assertThat(now.score()).isCloseTo((3 + 1 + 0.5 + 0) / 6, within(1e-12));
    assertThat(now.results()).isEqualTo(6);
    assertThat(now.unread()).isEqualTo(1);
    ArenaScore old = ArenaScore.of(ArenaForm.ARENA_HARD, judgments);
    assertThat(old.score()).isCloseTo((3 + 1 + 0.5 + 0 + 3) / 9, within(1e-12));
    assertThat(old.interval().contains(old.score())).isTrue();
    assertThat(ArenaScore.of(ArenaForm.ARENA_HARD, List.of(judgment(0, "?", "?"))).score()).isNaN();
  }

  @ParameterizedTest
  @EnumSource
  void a_judge_plays_both_games_and_files_are_read_again(ArenaForm form) throws Exception {
    List<AnswerPair> pairs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      pairs.add(new AnswerPair("question " + i, "base", "model"));
    }
    List<JudgePrompt> prompts = Collections.nCopies(6, JudgePrompt.named("arena-hard"));
    ArenaHard arena = new ArenaHard(form, pairs, prompts, SETTINGS);
    List<Judgment> judgments = new ArrayList<>();
    try (ScriptedJudge judge = ScriptedJudge.saying(ArenaHardTest::verdict);
        Inquiry inquiry = Inquiry.open(folder.resolve("replies"), arena.requests())) {
      ChatClient client = new ChatClient(judge.server(0));
      inquiry.ask(arena.requests(), client, 3, done -> {});
      inquiry.ask(arena.secondAttempts(inquiry.replies()), client, 3, done -> {});
      assertThat(judge.bodies()).hasSize(form == ArenaForm.ARENA_HARD ? 14 : 12);
      for (int i = 0; i < 6; i++) {
        judgments.add(new Judgment("q" + i, "hard", "model", arena.games(i, inquiry.replies())));
      }
    }
    // Question 0 has its verdict only when asked again, which the new form does not do.
    ArenaScore score = ArenaScore.of(form, judgments);
    assertThat(score.score()).isEqualTo(1);
    assertThat(score.unread()).isEqualTo(form == ArenaForm.ARENA_HARD ? 0 : 2);
    for (int i = 0; i < 6; i++) {
      ObjectNode row =
          form.row(
              judgments.get(i),
              "judge",
              "base",
              List.of(arena.messages(i, 0), arena.messages(i, 1)));
      Judgment read = form.judgment(new DataRecord(row, "row " + i));
      assertThat(read.games()).isEqualTo(judgments.get(i).games());
      assertThat(row.path("games").path(0).has("score")).isTrue();
    }
  }

  /** The answer "model" is better; on question 0 this is only said the second time. */
  private static String verdict(JsonNode body) {
    String first = body.path("messages").path(1).path("content").asText();
    if (first.contains("question 0") && body.path("messages").size() == 2) {
      return "Let me think.";
    }
    boolean modelFirst = first.indexOf("\nmodel\n") < first.indexOf("\nbase\n");
    return "[[" + (modelFirst ? "A>B" : "B>A") + "]]";
  }

  @Test
  void a_question_that_occurs_twice_is_named() throws Exception {
    String row = "{\"uid\":\"q7\",\"category\":\"c\",\"prompt\":\"why\"}\n";
    Path file = Files.writeString(folder.resolve("question.jsonl"), row + row);
    assertThatThrownBy(() -> ArenaTask.questions(ArenaForm.ARENA_HARD_V2, file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(file + ":2: question q7 is in an earlier line too");
  }

  @Test
  void questions_and_answers_are_read_in_both_forms() throws Exception {
    var json = new ObjectMapper();
    DataRecord old =
        new DataRecord(
            (ObjectNode)
                json.readTree(
                    "{\"question_id\":\"q\",\"category\":\"c\",\"turns\":[{\"content\":\"why\"}],"
                        + "\"model_id\":\"m\",\"choices\":[{\"turns\":[{\"content\":\"so\"}]}],"
                        + "\"conv_metadata\":{\"token_len\":7,\"header_count\":{\"h1\":1,\"h2\":2},"
                        + "\"list_count\":{\"ordered\":4},\"bold_count\":{\"**\":5}}}"),
            "row");
    assertThat(ArenaForm.ARENA_HARD.question(old)).isEqualTo(new ArenaQuestion("q", "c", "why"));
    assertThat(ArenaForm.ARENA_HARD.answer(old))
        .isEqualTo(new ArenaAnswer("q", "m", "so", Optional.of(new Style(7, 3, 4, 5))));
    DataRecord now =
        new DataRecord(
            (ObjectNode)
                json.readTree(
                    "{\"uid\":\"q\",\"category\":\"c\",\"prompt\":\"why\",\"model\":\"m\",\"messages\":["
                        + "{\"role\":\"user\",\"content\":\"why\"},"
                        + "{\"role\":\"assistant\",\"content\":{\"answer\":\"so\"}}]}"),
            "row");
    assertThat(ArenaForm.ARENA_HARD_V2.question(now)).isEqualTo(new ArenaQuestion("q", "c", "why"));
    assertThat(ArenaForm.ARENA_HARD_V2.answer(now))
        .isEqualTo(new ArenaAnswer("q", "m", "so", Optional.empty()));
    assertThatThrownBy(() -> ArenaForm.ARENA_HARD_V2.answer(old))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("row: field 'uid' is missing or not a text");
  }

  @ParameterizedTest
  @EnumSource
  void style_control_takes_away_what_length_alone_won(ArenaForm form) {
    SplittableRandom random = new SplittableRandom(3);
    Table<String, String, Style> styles = HashBasedTable.create();
    List<Judgment> judgments = new ArrayList<>();
    for (String model : List.of("long", "short")) {
      for (int i = 0; i < 300; i++) {
        long tokens = (model.equals("long") ? 250 : 100) + random.nextInt(200);
        long base = 150 + random.nextInt(200);
        styles.put(model, "q" + i, new Style(tokens, 0, 0, 0));
        styles.put("base", "q" + i, new Style(base, 0, 0, 0));
        boolean wins =
            random.nextDouble() < 1 / (1 + Math.exp(-4.0 * (tokens - base) / (tokens + base)));
        Game won = new Game("", Optional.of("A>B"));
        Game lost = new Game("", Optional.of("B>A"));
        ImmutableList<Game> games =
            wins ? ImmutableList.of(lost, won) : ImmutableList.of(won, lost);
        judgments.add(new Judgment("q" + i, "hard", model, games));
      }
    }
    List<Judgment> longs = judgments.subList(0, 300);
    double raw = ArenaScore.of(ArenaForm.ARENA_HARD_V2, longs).score();
    StyleControl control = new StyleControl(form, judgments, styles, "base");
    var scores = control.scores();
    assertThat(raw).isGreaterThan(0.6);
    assertThat(Math.abs(scores.get("long").score() - scores.get("short").score()))
        .isLessThan(0.1)
        .isLessThan(raw - 0.5);
    assertThat(scores.get("long").interval().contains(scores.get("long").score())).isTrue();
    assertThat(control.coefficients()[0]).isGreaterThan(0.3);
    assertThatThrownBy(() -> new StyleControl(form, longs, styles, "base"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("style control needs judgments of at least two models");
  }
}
