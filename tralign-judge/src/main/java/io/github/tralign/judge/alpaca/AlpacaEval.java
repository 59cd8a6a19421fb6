package io.github.tralign.judge.alpaca;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import io.github.tralign.judge.Answer;
import io.github.tralign.judge.AnswerPair;
import io.github.tralign.judge.Answers;
import io.github.tralign.judge.JudgePrompt;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.JudgeRequest;
import io.github.tralign.judge.statistics.PythonRandom;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * AlpacaEval 2's weighted judge: it names the better of two answers, {@code m} or {@code M}, and
 * the preference is the probability of the name by the log-probabilities of the reply's first
 * token. Each pair is asked about once, in an order that follows from the instruction as in
 * AlpacaEval.
 */
public final class AlpacaEval {

  private static final int ALTERNATIVES = 5;
  private static final String FIRST = "m";
  private static final String SECOND = "M";

  private AlpacaEval() {}

  /** The requests: one for each pair whose answers differ; the reference's answer is first. */
  public static ImmutableList<JudgeRequest> requests(
      List<AnswerPair> pairs, JudgePrompt prompt, ChatSettings settings) {
    ImmutableList.Builder<JudgeRequest> requests = ImmutableList.builder();
    for (int i = 0; i < pairs.size(); i++) {
      AnswerPair pair = pairs.get(i);
      if (!pair.isIdentical()) {
        AnswerPair shown = isSwapped(pair.instruction()) ? pair.swapped() : pair;
        requests.add(
            new JudgeRequest(i, 0, settings.bodyWithLogprobs(shown.in(prompt), ALTERNATIVES)));
      }
    }
    return requests.build();
  }

  /** Whether AlpacaEval shows the model's answer first, with the seed of its annotators, 0. */
  static boolean isSwapped(String instruction) {
    return new PythonRandom("is_switched_outputs" + instruction + "0").nextBoolean();
  }

  /**
   * The annotations, in the order of the model's answers.
   *
   * @param reference the reference's answers to the same instructions, in the same order
   * @param annotator the name of the judge in the file
   */
  public static ImmutableList<Annotation> annotations(
      Answers model,
      List<Answer> reference,
      String referenceModel,
      String annotator,
      ImmutableTable<Integer, Integer, ChatReply> replies) {
    ImmutableList.Builder<Annotation> annotations = ImmutableList.builder();
    for (int i = 0; i < reference.size(); i++) {
      Answer answer = model.rows().get(i);
      String baseline = reference.get(i).output();
      annotations.add(
          new Annotation(
              answer.field("dataset", reference.get(i).field("dataset", "")),
              answer.instruction(),
              baseline,
              referenceModel,
              answer.output(),
              model.model(),
              annotator,
              baseline.equals(answer.output())
                  ? OptionalDouble.of(1.5)
                  : preference(replies.get(i, 0), isSwapped(answer.instruction()))));
    }
    return annotations.build();
  }

  private static OptionalDouble preference(@Nullable ChatReply reply, boolean swapped) {
    if (reply == null) {
      return OptionalDouble.empty();
    }
    double first = probability(reply, FIRST);
    double second = probability(reply, SECOND);
    if (!(first + second > 0)) {
      return OptionalDouble.empty();
    }
    double preference = 2 - first / (first + second);
    return OptionalDouble.of(swapped ? 3 - preference : preference);
  }

  /** The probability of a first token; one that is not among the most likely ones counts as 0. */
  private static double probability(ChatReply reply, String token) {
    Double logprob = reply.firstToken().get(token);
    return logprob == null ? 0 : Math.exp(logprob);
  }
}
