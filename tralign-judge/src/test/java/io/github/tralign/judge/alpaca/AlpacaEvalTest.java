package io.github.tralign.judge.alpaca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableTable;
import io.github.tralign.InvalidInputException;
import io.github.tralign.judge.Answer;
import io.github.tralign.judge.AnswerPair;
import io.github.tralign.judge.Answers;
import io.github.tralign.judge.JudgePrompt;
import io.github.tralign.judge.ScriptedJudge;
import io.github.tralign.judge.client.ChatClient;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.Inquiry;
import io.github.tralign.judge.client.JudgeRequest;
import io.github.tralign.judge.client.ReplyForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlpacaEvalTest {

  private static final int ROWS = 20;
  private static final ChatSettings SETTINGS =
      new ChatSettings("judge", OptionalDouble.of(1), 1, false, ReplyForm.SCHEMA);

  @TempDir private Path folder;

  private Answers answers(String model, String word) throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String output = i == 3 ? "the same" : word + " " + i;
      rows.add(
          "{\"instruction\":\"q"
              + i
              + "\",\"output\":\""
              + output
              + "\",\"generator\":\""
              + model
              + "\",\"dataset\":\"koala\"}");
    }
    return Answers.read(
        Files.writeString(folder.resolve(model + ".json"), "[" + String.join(",", rows) + "]"));
  }

  /** Prefers the word "better" with 0.8 to 0.1, wherever it is; says nothing known on row 5. */
  private static ObjectNode judge(JsonNode body) {
    String question = ScriptedJudge.question(body);
    boolean better = question.indexOf("better") < question.indexOf("worse");
    ObjectNode completion = ScriptedJudge.completion("m");
    ObjectNode choice = (ObjectNode) completion.path("choices").path(0);
    ArrayNode top =
        choice.putObject("logprobs").putArray("content").addObject().putArray("top_logprobs");
    if (question.contains("better 5\"")) {
      top.addObject().put("token", "The").put("logprob", -0.1);
    } else {
      top.addObject().put("token", better ? "m" : "M").put("logprob", Math.log(0.8));
      top.addObject().put("token", better ? "M" : "m").put("logprob", Math.log(0.1));
      top.addObject().put("token", " m").put("logprob", Math.log(0.05));
    }
    return completion;
  }

  @Test
  void a_server_without_log_probabilities_is_named() throws Exception {
    AlpacaTask task =
        new AlpacaTask(
            answers("model", "better"),
            answers("reference", "worse"),
            "judge",
            AlpacaTask.Control.minimal(),
            JudgePrompt.named("alpaca-eval"),
            SETTINGS);
    ImmutableTable.Builder<Integer, Integer, ChatReply> replies = ImmutableTable.builder();
    for (JudgeRequest request : task.requests()) {
      replies.put(
          request.index(),
          request.sample(),
          new ChatReply(Optional.of("m"), "stop", ImmutableMap.of(), 5, 1, Optional.empty()));
    }
    assertThat(task.outcome(replies.build()).values())
        .containsEntry("unread_verdicts", ROWS - 1)
        .hasEntrySatisfying(
            "warning",
            it -> assertThat(it).asString().endsWith("must support logprobs and top_logprobs"));
  }

  @Test
  void preferences_are_weighted_and_put_back_in_order() throws Exception {
    Answers model = answers("model", "better");
    Answers reference = answers("reference", "worse");
    ImmutableList<Answer> baseline = model.matching(reference);
    List<AnswerPair> pairs = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Answer answer = model.rows().get(i);
      pairs.add(new AnswerPair(answer.instruction(), baseline.get(i).output(), answer.output()));
    }
    List<JudgeRequest> requests =
        AlpacaEval.requests(pairs, JudgePrompt.named("alpaca-eval"), SETTINGS);
    assertThat(requests).hasSize(ROWS - 1);
    List<Annotation> annotations;
    try (ScriptedJudge judge = new ScriptedJudge(AlpacaEvalTest::judge);
        Inquiry inquiry = Inquiry.open(folder.resolve("replies"), requests)) {
      inquiry.ask(requests, new ChatClient(judge.server(0)), 4, done -> {});
      annotations =
          AlpacaEval.annotations(model, baseline, "reference", "judge", inquiry.replies());
      assertThat(judge.bodies().get(0).path("top_logprobs").asInt()).isEqualTo(5);
      assertThat(judge.bodies())
          .extracting(
              it ->
                  ScriptedJudge.question(it).indexOf("better")
                      < ScriptedJudge.question(it).indexOf("worse"))
          .contains(true, false); // both orders occur
    }
    for (int i = 0; i < ROWS; i++) {
      OptionalDouble preference = annotations.get(i).preference();
      if (i == 5) {
        assertThat(preference).isEmpty();
      } else {
        double expected = i == 3 ? 1.5 : 2 - 0.1 / 0.9;
        assertThat(preference.getAsDouble()).isCloseTo(expected, within(1e-12));
      }
    }
    WinRate rate = WinRate.of(annotations);
    assertThat(rate.wins()).isEqualTo(ROWS - 2);
    assertThat(rate.ties()).isEqualTo(1);
    assertThat(rate.rate().count()).isEqualTo(ROWS - 1);
    Path file = folder.resolve("annotations.json");
    Files.writeString(file, annotations.stream().map(Annotation::row).toList().toString());
    assertThat(Annotation.read(file)).isEqualTo(annotations);
  }

  /** As {@code PairwiseAnnotator.annotate_head2head} of alpaca_eval 0.6.6 sends them. */
  @ParameterizedTest
  @CsvSource({
    "What are the best exercises for beginners?,true",
    "What causes the northern lights?,true",
    "Who is Larry Page?,false",
    "How do I clean my armpits?,false"
  })
  void answers_are_swapped_where_alpaca_eval_does(String instruction, boolean swapped) {
    assertThat(AlpacaEval.isSwapped(instruction)).isEqualTo(swapped);
  }

  @Test
  void an_instruction_without_a_reference_is_named() throws IOException {
    Answers model = answers("model", "better");
    Path other =
        Files.writeString(
            folder.resolve("other.jsonl"), "{\"prompt\":\"q0 \",\"completion\":\"a\"}\n");
    assertThatThrownBy(() -> model.matching(Answers.read(other)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("model.json")
        .hasMessageContaining("other.jsonl has no answer to this instruction");
  }

  @Test
  void instructions_must_be_as_often_in_both_files() throws IOException {
    Path one = Files.writeString(folder.resolve("one.jsonl"), row("q", "a") + row("p", "b"));
    Path two =
        Files.writeString(
            folder.resolve("two.jsonl"), row("q", "c") + row("p", "d") + row("q", "e"));
    Path more =
        Files.writeString(
            folder.resolve("more.jsonl"), row("q", "f") + row("p", "g") + row("r", "h"));
    String same = "; both files need the same instructions, equal to the character";
    assertThatThrownBy(() -> Answers.read(one).matching(Answers.read(two)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(two + ":3: " + one + " has this instruction less often" + same);
    assertThatThrownBy(() -> Answers.read(two).matching(Answers.read(one)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(two + ":3: " + one + " has this instruction less often" + same);
    assertThatThrownBy(() -> Answers.read(one).matching(Answers.read(more)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(more + ":3: " + one + " has no answer to this instruction" + same);
    assertThat(Answers.read(two).matching(Answers.read(two)))
        .extracting(Answer::output)
        .containsExactly("c", "d", "e");
  }

  private static String row(String instruction, String output) {
    return "{\"instruction\":\"%s\",\"output\":\"%s\"}\n".formatted(instruction, output);
  }
}
