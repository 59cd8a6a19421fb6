package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.judge.ScriptedJudge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key of a judge, which only a process of its own gets from its environment. */
class JudgeKeyTest {

  @TempDir private Path folder;

  private Path output() {
    return folder.resolve("judged");
  }

  private Cli.Outcome judge(String key, Object url) throws Exception {
    Path answers = folder.resolve("answers.jsonl");
    Files.writeString(answers, "{\"instruction\":\"q\",\"output\":\"a\"}\n");
    Object[] command = {
      "judge",
      "--method",
      "scores",
      "--answers",
      answers,
      "--judge",
      "j",
      "--url",
      url,
      "--output",
      output(),
      "--retries",
      0
    };
    ProcessBuilder builder = new ProcessBuilder(Cli.command(command));
    builder.environment().put("TRALIGN_JUDGE_KEY", key);
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    int code = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Cli.Outcome(code, Files.readString(out), Files.readString(err));
  }

  @Test
  void a_key_that_cannot_be_sent_is_rejected_before_anything_is_written() throws Exception {
    Cli.Outcome outcome = judge("sk-sec\tret", "http://127.0.0.1:9/v1");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("tralign: --key-variable: the key in TRALIGN_JUDGE_KEY must have printable ASCII")
        .doesNotContain("sk-sec");
    assertThat(output()).doesNotExist();
  }

  @Test
  void a_key_that_the_judge_repeats_is_in_no_file() throws Exception {
    try (ScriptedJudge judge = ScriptedJudge.saying(body -> "you sent sk-secret")) {
      Cli.Outcome outcome = judge("sk-secret", judge.server(0).url());
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(judge.authorizations()).containsOnly("Bearer sk-secret");
    }
    for (String file : List.of("replies.jsonl", "scores.jsonl", "summary.json", "report.html")) {
      assertThat(output().resolve(file)).content().doesNotContain("sk-secret");
    }
    assertThat(output().resolve("report.html")).content().contains("you sent …");
  }
}
