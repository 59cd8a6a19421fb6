package io.github.tralign.judge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import io.github.tralign.judge.ScriptedJudge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InquiryTest {

  private static final List<JudgeRequest> REQUESTS =
      IntStream.range(0, 40).mapToObj(ChatClientTest::request).toList();

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("replies.jsonl");
  }

  private static ChatClient client(ScriptedJudge judge, int retries) {
    return new ChatClient(judge.server(retries), wait -> {});
  }

  private int ask(ScriptedJudge judge, int retries) throws InterruptedException {
    AtomicInteger largest = new AtomicInteger();
    try (Inquiry inquiry = Inquiry.open(file, REQUESTS)) {
      inquiry.ask(
          REQUESTS, client(judge, retries), 4, done -> largest.accumulateAndGet(done, Math::max));
      IntStream.range(0, 40)
          .forEach(
              i ->
                  assertThat(inquiry.replies().get(i, 0))
                      .extracting(it -> it.text().orElseThrow())
                      .isEqualTo("question " + i));
    }
    return largest.get();
  }

  @Test
  void faults_lose_no_row_and_ask_none_twice() throws Exception {
    try (ScriptedJudge judge =
        ScriptedJudge.saying(ScriptedJudge::question)
            .failing("429 1", "500", ScriptedJudge.CUT, ScriptedJudge.MALFORMED, "503", "429")) {
      assertThat(ask(judge, 6)).isEqualTo(40);
      assertThat(judge.bodies()).hasSize(46);
      assertThat(Files.readAllLines(file)).hasSize(41);
    }
    try (ScriptedJudge other = ScriptedJudge.saying(body -> "never asked")) {
      ask(other, 0);
      assertThat(other.bodies()).isEmpty();
    }
  }

  @Test
  void an_inquiry_that_ended_early_asks_only_what_is_missing() throws Exception {
    AtomicInteger count = new AtomicInteger();
    try (ScriptedJudge judge =
        new ScriptedJudge(body -> ScriptedJudge.completion(ScriptedJudge.question(body)))) {
      try (Inquiry inquiry = Inquiry.open(file, REQUESTS)) {
        assertThatThrownBy(
                () ->
                    inquiry.ask(
                        REQUESTS,
                        client(judge, 0),
                        3,
                        done -> {
                          if (count.incrementAndGet() == 10) {
                            judge.alwaysFailing("401 0 the key has expired");
                          }
                        }))
            .isInstanceOf(JudgeException.class)
            .hasMessageContaining("the key has expired");
      }
      List<String> lines = Files.readAllLines(file);
      assertThat(lines).hasSizeBetween(11, 14);
      String torn = String.join("\n", lines);
      Files.writeString(file, torn.substring(0, torn.length() - 5)); // a kill within a line
      try (ScriptedJudge other = ScriptedJudge.saying(ScriptedJudge::question)) {
        ask(other, 0);
        assertThat(other.bodies()).hasSize(40 - (lines.size() - 2));
      }
    }
  }

  @Test
  void another_question_is_not_answered_by_old_replies() throws Exception {
    try (ScriptedJudge judge = ScriptedJudge.saying(ScriptedJudge::question)) {
      ask(judge, 0);
    }
    assertThatThrownBy(() -> Inquiry.open(file, REQUESTS.subList(0, 39)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("delete it to begin again");
  }

  @ParameterizedTest
  @CsvSource({"40,0", "-1,0", "0,-1", "0,1e3", "null,0", "99999999999,0"})
  void a_row_that_no_question_has_is_damage(String index, String sample) throws Exception {
    try (ScriptedJudge judge = ScriptedJudge.saying(ScriptedJudge::question)) {
      ask(judge, 0);
    }
    String row = "{\"index\":%s,\"sample\":%s,\"text\":\"x\",\"finish\":\"stop\"}\n";
    Files.writeString(file, row.formatted(index, sample), StandardOpenOption.APPEND);
    for (int i = 0; i < 2; i++) { // the lock is free again
      assertThatThrownBy(() -> Inquiry.open(file, REQUESTS))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith(file + ": is damaged; delete it to begin again")
          .hasMessageContaining("(line 42 has index ");
    }
  }

  @ParameterizedTest
  @CsvSource({"'', is not an object", "7, is not an object", "{, is not JSON"})
  void a_line_that_is_no_row_is_damage(String line, String message) throws Exception {
    Inquiry.open(file, REQUESTS).close();
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> Inquiry.open(file, REQUESTS))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("(line 2 " + message + ")");
  }

  @Test
  void a_rejected_row_is_kept_if_others_are_accepted() throws Exception {
    try (ScriptedJudge judge =
            ScriptedJudge.saying(ScriptedJudge::question).failing("400 0 content policy");
        Inquiry inquiry = Inquiry.open(file, REQUESTS)) {
      inquiry.ask(REQUESTS, client(judge, 0), 1, done -> {});
      assertThat(inquiry.missing(REQUESTS)).isEmpty();
      assertThat(inquiry.replies().get(0, 0).problem()).contains("status 400: content policy");
    }
  }

  @Test
  void a_server_that_rejects_everything_leaves_no_row() throws IOException {
    try (ScriptedJudge judge = ScriptedJudge.saying(ScriptedJudge::question);
        Inquiry inquiry = Inquiry.open(file, REQUESTS)) {
      judge.alwaysFailing("400 0 max_tokens is not supported");
      assertThatThrownBy(() -> inquiry.ask(REQUESTS, client(judge, 0), 2, done -> {}))
          .isInstanceOf(JudgeException.class)
          .hasMessage("the server rejects all requests: status 400: max_tokens is not supported");
      assertThat(judge.bodies()).hasSizeLessThan(8);
      assertThat(inquiry.size()).isZero();
    }
    assertThat(Files.readAllLines(file)).hasSize(1);
  }
}
