package io.github.tralign.judge;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.JudgeRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the answers of two models, a and b, pair by pair. The judge sees each pair twice, in
 * both orders, and its reply has {@code [[A]]} for the first answer, {@code [[B]]} for the second
 * or {@code [[tie]]}. Identical answers are ties that nobody is asked about.
 */
public final class PairwiseJudge {

  /** What a prompt must contain. */
  public static final ImmutableList<String> PLACEHOLDERS =
      ImmutableList.of("instruction", "output_1", "output_2");

  private static final Pattern VERDICT = Pattern.compile("\\[\\[(A|B|tie)]]");

  private PairwiseJudge() {}

  /**
   * The judge's opinions on a pair.
   *
   * @param aFirst of model a when its answer comes first: 1 better, 0.5 tie, 0 worse; empty if the
   *     verdict could not be read
   * @param aSecond the same when its answer comes second
   * @param identical whether nobody was asked
   */
  public record Opinion(Optional<Double> aFirst, Optional<Double> aSecond, boolean identical) {

    /** Nothing may be null. */
    public Opinion {
      requireNonNull(aFirst, "aFirst");
      requireNonNull(aSecond, "aSecond");
    }

    /** Whether both verdicts could be read. */
    public boolean isComplete() {
      return aFirst.isPresent() && aSecond.isPresent();
    }

    /** Model a's mean over both orders, in [0, 1]; only if it is complete. */
    public double mean() {
      return (aFirst.orElseThrow() + aSecond.orElseThrow()) / 2;
    }

    /** {@code win} or {@code loss} of model a if both orders agree on it, else {@code tie}. */
    public String outcome() {
      return !isComplete() ? "unread" : mean() == 1 ? "win" : mean() == 0 ? "loss" : "tie";
    }
  }

  /** The requests: for each pair both orders, a first as sample 0. */
  public static ImmutableList<JudgeRequest> requests(
      List<AnswerPair> pairs, JudgePrompt prompt, ChatSettings settings) {
    ImmutableList.Builder<JudgeRequest> requests = ImmutableList.builder();
    for (int i = 0; i < pairs.size(); i++) {
      AnswerPair pair = pairs.get(i);
      if (!pair.isIdentical()) {
        requests.add(new JudgeRequest(i, 0, settings.body(pair.in(prompt))));
        requests.add(new JudgeRequest(i, 1, settings.body(pair.swapped().in(prompt))));
      }
    }
    return requests.build();
  }

  /** The opinions on all pairs, in their order. */
  public static ImmutableList<Opinion> opinions(
      List<AnswerPair> pairs, ImmutableTable<Integer, Integer, ChatReply> replies) {
    ImmutableList.Builder<Opinion> opinions = ImmutableList.builder();
    for (int i = 0; i < pairs.size(); i++) {
      opinions.add(
          pairs.get(i).isIdentical()
              ? new Opinion(Optional.of(0.5), Optional.of(0.5), true)
              : new Opinion(
                  firstIsBetter(replies.get(i, 0)),
                  firstIsBetter(replies.get(i, 1)).map(it -> 1 - it),
                  false));
    }
    return opinions.build();
  }

  /** 1 if the verdict is for the first answer, 0 for the second; empty unless it is clear. */
  private static Optional<Double> firstIsBetter(@Nullable ChatReply reply) {
    if (reply == null || reply.text().isEmpty()) {
      return Optional.empty();
    }
    Set<String> verdicts =
        VERDICT
            .matcher(reply.text().get())
            .results()
            .map(it -> it.group(1))
            .collect(Collectors.toSet());
    if (verdicts.size() != 1) {
      return Optional.empty(); // none, or a contradiction
    }
    return Optional.of(verdicts.contains("A") ? 1.0 : verdicts.contains("B") ? 0.0 : 0.5);
  }
}
