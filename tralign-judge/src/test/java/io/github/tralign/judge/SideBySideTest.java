package io.github.tralign.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableTable;
import com.google.common.hash.Hashing;
import io.github.tralign.judge.PairwiseJudge.Opinion;
import io.github.tralign.judge.client.ChatClient;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.Inquiry;
import io.github.tralign.judge.client.JudgeRequest;
import io.github.tralign.judge.client.ReplyForm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SideBySideTest {

  private static final ChatSettings SETTINGS =
      new ChatSettings("judge", OptionalDouble.of(0), 100, false, ReplyForm.TEXT);
  private static final JudgePrompt PROMPT =
      JudgePrompt.named("side-by-side").require(PairwiseJudge.PLACEHOLDERS, "side-by-side");

  @TempDir private Path folder;

  /** A judge who prefers the good answer with probability p, and b more often if it is first. */
  private static String verdict(String question, double p, double b) {
    boolean goodFirst = question.indexOf("good answer") < question.indexOf("bad answer");
    double chance = p + (goodFirst ? b / 2 : -b / 2);
    int draw = Hashing.murmur3_32_fixed().hashString(question, StandardCharsets.UTF_8).asInt();
    boolean good = (draw >>> 1) / (double) Integer.MAX_VALUE < chance;
    return "I think. [[" + (good == goodFirst ? "A" : "B") + "]]";
  }

  @ParameterizedTest
  @CsvSource({"0.7,0.2", "0.5,0", "0.35,-0.3"})
  void the_preference_and_the_position_bias_of_a_judge_are_recovered(double p, double b)
      throws InterruptedException {
    List<AnswerPair> pairs =
        IntStream.range(0, 400)
            .mapToObj(i -> new AnswerPair("request " + i, "good answer", "bad answer"))
            .toList();
    SideBySideResult result;
    List<JudgeRequest> requests = PairwiseJudge.requests(pairs, PROMPT, SETTINGS);
    try (ScriptedJudge judge =
            ScriptedJudge.saying(body -> verdict(ScriptedJudge.question(body), p, b));
        Inquiry inquiry = Inquiry.open(folder.resolve("replies"), requests)) {
      inquiry.ask(requests, new ChatClient(judge.server(0)), 8, done -> {});
      result = SideBySideResult.of(PairwiseJudge.opinions(pairs, inquiry.replies()));
    }
    assertThat(result.complete()).isEqualTo(400);
    assertThat(result.unread()).isZero();
    assertThat(result.winRateInterval().contains(p)).isTrue();
    assertThat(result.winRateInterval().high() - result.winRateInterval().low()).isLessThan(0.08);
    assertThat(result.positionBiasInterval().contains(b)).isTrue();
    assertThat(result.positionBiasInterval().high() - result.positionBiasInterval().low())
        .isLessThan(0.15);
    double agree = (p + b / 2) * (p - b / 2) + (1 - p - b / 2) * (1 - p + b / 2);
    assertThat((double) result.consistent() / result.asked()).isCloseTo(agree, within(0.06));
    assertThat(result.wins() + result.ties() + result.losses()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "[[A]],[[B]],win",
    "[[B]],[[A]],loss",
    "[[A]],[[A]],tie",
    "[[A]],[[tie]],tie",
    "[[tie]],[[tie]],tie",
    "A is better,[[B]],unread",
    "[[A]] or [[B]],[[B]],unread",
    "[[C]],[[B]],unread",
    "so [[A]] yes [[A]],[[B]],win"
  })
  void a_pair_is_won_in_both_orders_or_it_is_a_tie(String first, String second, String outcome) {
    Opinion opinion = opinion(reply(first), reply(second));
    assertThat(opinion.outcome()).isEqualTo(outcome);
  }

  @Test
  void what_cannot_be_read_is_counted_and_left_out() {
    SideBySideResult result =
        SideBySideResult.of(
            List.of(
                opinion(reply("[[A]]"), reply("[[B]]")),
                opinion(reply("none"), reply("[[B]]")),
                opinion(
                    new ChatReply(
                        Optional.empty(), "stop", reply("").firstToken(), 0, 0, Optional.of("no")),
                    reply("[]"))));
    assertThat(result.unread()).isEqualTo(3);
    assertThat(result.complete()).isEqualTo(1);
    assertThat(result.winRate()).isEqualTo(1);
    assertThat(result.values()).containsEntry("unread_verdicts", 3).containsEntry("win", 1.0);
  }

  @Test
  void nobody_is_asked_about_identical_answers() {
    List<AnswerPair> pairs = List.of(new AnswerPair("q", "same", "same"));
    assertThat(PairwiseJudge.requests(pairs, PROMPT, SETTINGS)).isEmpty();
    SideBySideResult result =
        SideBySideResult.of(PairwiseJudge.opinions(pairs, ImmutableTable.of()));
    assertThat(result.ties()).isEqualTo(1);
    assertThat(result.identical()).isEqualTo(1);
    assertThat(result.values()).doesNotContainKey("consistency").containsEntry("win_rate", 0.5);
  }

  private static Opinion opinion(ChatReply first, ChatReply second) {
    return PairwiseJudge.opinions(
            List.of(new AnswerPair("q", "a", "b")),
            ImmutableTable.<Integer, Integer, ChatReply>builder()
                .put(0, 0, first)
                .put(0, 1, second)
                .build())
        .get(0);
  }

  static ChatReply reply(String text) {
    return new ChatReply(Optional.of(text), "stop", ImmutableMap.of(), 0, 0, Optional.empty());
  }
}
