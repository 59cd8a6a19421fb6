package io.github.tralign.judge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableTable;
import io.github.tralign.judge.JudgeOutcome.Case;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.JudgeRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Five scores of each answer of a model. */
public final class ScoresTask implements JudgeTask {

  private static final double GOOD = 8;
  private static final double BAD = 4;

  private final Answers answers;
  private final ImmutableList<JudgeRequest> requests;

  /** Scores of answers. */
  public ScoresTask(Answers answers, JudgePrompt prompt, ChatSettings settings) {
    this.answers = answers;
    requests = AnswerScores.requests(answers.rows(), prompt, settings);
  }

  @Override
  public List<JudgeRequest> requests() {
    return requests;
  }

  @Override
  public JudgeOutcome outcome(ImmutableTable<Integer, Integer, ChatReply> replies) {
    List<Optional<ImmutableMap<String, Double>>> scores =
        AnswerScores.scores(answers.rows().size(), replies);
    List<ObjectNode> rows = new ArrayList<>();
    ImmutableList.Builder<Case> cases = ImmutableList.builder();
    for (int i = 0; i < scores.size(); i++) {
      Answer answer = answers.rows().get(i);
      Optional<ImmutableMap<String, Double>> score = scores.get(i);
      ObjectNode row =
          JsonNodeFactory.instance
              .objectNode()
              .put("index", i)
              .put("instruction", answer.instruction())
              .put("output", answer.output());
      ObjectNode written = score.isPresent() ? row.putObject("scores") : row.putNull("scores");
      score.ifPresent(it -> it.forEach(written::put));
      rows.add(row);
      double mean = score.map(AnswerScores::mean).orElse(Double.NaN);
      cases.add(
          new Case(
              mean >= GOOD ? "high" : mean <= BAD ? "low" : "middle",
              score.isEmpty() ? 0 : Math.abs(mean - (GOOD + BAD) / 2),
              answer.instruction(),
              ImmutableList.of(answer.output(), ChatReply.shown(replies.get(i, 0)))));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("answers", scores.size());
    values.put("unread_verdicts", (int) scores.stream().filter(Optional::isEmpty).count());
    AnswerScores.means(scores)
        .forEach(
            (name, mean) -> {
              if (mean.count() > 0) {
                values.put(name, mean.value());
              }
              if (mean.count() > 1) {
                values.put(name + "_standard_error", mean.standardError());
              }
            });
    return new JudgeOutcome(
        values,
        "scores.jsonl",
        JudgeOutcome.lines(rows),
        ImmutableList.of(answers.model(), "the judge"),
        cases.build());
  }
}
