package io.github.tralign.judge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import io.github.tralign.judge.JudgeOutcome.Case;
import io.github.tralign.judge.PairwiseJudge.Opinion;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.JudgeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The answers of two models side by side; wins are those of the first. */
public final class SideBySideTask implements JudgeTask {

  private final ImmutableList<AnswerPair> pairs;
  private final ImmutableList<JudgeRequest> requests;
  private final ImmutableList<String> models;

  /**
   * A comparison.
   *
   * @param first the answers whose wins are counted
   * @param second answers the same instructions
   * @throws io.github.tralign.InvalidInputException if it does not
   */
  public SideBySideTask(Answers first, Answers second, JudgePrompt prompt, ChatSettings settings) {
    pairs = pairs(first, second);
    requests = PairwiseJudge.requests(pairs, prompt, settings);
    models = ImmutableList.of(first.model(), second.model());
  }

  private static ImmutableList<AnswerPair> pairs(Answers first, Answers second) {
    ImmutableList.Builder<AnswerPair> pairs = ImmutableList.builder();
    List<Answer> others = first.matching(second);
    for (int i = 0; i < others.size(); i++) {
      Answer answer = first.rows().get(i);
      pairs.add(new AnswerPair(answer.instruction(), answer.output(), others.get(i).output()));
    }
    return pairs.build();
  }

  @Override
  public List<JudgeRequest> requests() {
    return requests;
  }

  @Override
  public JudgeOutcome outcome(ImmutableTable<Integer, Integer, ChatReply> replies) {
    List<Opinion> opinions = PairwiseJudge.opinions(pairs, replies);
    List<ObjectNode> rows = new ArrayList<>();
    ImmutableList.Builder<Case> cases = ImmutableList.builder();
    for (int i = 0; i < pairs.size(); i++) {
      AnswerPair pair = pairs.get(i);
      Opinion opinion = opinions.get(i);
      ObjectNode row =
          JsonNodeFactory.instance
              .objectNode()
              .put("index", i)
              .put("instruction", pair.instruction())
              .put("output_a", pair.first())
              .put("output_b", pair.second())
              .put("outcome", opinion.outcome());
      put(row, "a_first", opinion.aFirst());
      put(row, "a_second", opinion.aSecond());
      rows.add(row);
      cases.add(
          new Case(
              opinion.outcome(),
              opinion.isComplete() && !opinion.identical() ? 1 : 0,
              pair.instruction(),
              ImmutableList.of(
                  pair.first(),
                  pair.second(),
                  ChatReply.shown(replies.get(i, 0)),
                  ChatReply.shown(replies.get(i, 1)))));
    }
    return new JudgeOutcome(
        SideBySideResult.of(opinions).values(),
        "verdicts.jsonl",
        JudgeOutcome.lines(rows),
        ImmutableList.of(
            models.get(0),
            models.get(1),
            "the judge, with " + models.get(0) + " as A",
            "the judge, with " + models.get(1) + " as A"),
        cases.build());
  }

  private static void put(ObjectNode row, String name, Optional<Double> value) {
    if (value.isPresent()) {
      row.put(name, value.get());
    } else {
      row.putNull(name);
    }
  }
}
