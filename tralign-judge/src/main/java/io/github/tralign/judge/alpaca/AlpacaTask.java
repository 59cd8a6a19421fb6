package io.github.tralign.judge.alpaca;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.tralign.judge.Answer;
import io.github.tralign.judge.AnswerPair;
import io.github.tralign.judge.Answers;
import io.github.tralign.judge.JudgeOutcome;
import io.github.tralign.judge.JudgeOutcome.Case;
import io.github.tralign.judge.JudgePrompt;
import io.github.tralign.judge.JudgeTask;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.JudgeRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** AlpacaEval 2 of a model's answers beside a reference's. */
public final class AlpacaTask implements JudgeTask {

  private final Answers model;
  private final ImmutableList<Answer> reference;
  private final String referenceModel;
  private final String annotator;
  private final Control control;
  private final ImmutableList<JudgeRequest> requests;

  /**
   * What length control knows.
   *
   * @param difficulties of AlpacaEval's instructions, by number
   * @param gamed AlpacaEval's gamed rows; empty for none
   */
  public record Control(
      Optional<ImmutableDoubleArray> difficulties, ImmutableList<GamedRow> gamed) {

    /** Nothing may be null. */
    public Control {
      requireNonNull(difficulties, "difficulties");
      requireNonNull(gamed, "gamed");
    }

    /** The form for instructions of one's own. */
    public static Control minimal() {
      return new Control(Optional.empty(), ImmutableList.of());
    }
  }

  /**
   * A comparison.
   *
   * @param reference answers the same instructions as the model
   * @param annotator the name of the judge in the file
   * @throws io.github.tralign.InvalidInputException if it does not, or there are more instructions
   *     than difficulties
   */
  public AlpacaTask(
      Answers model,
      Answers reference,
      String annotator,
      Control control,
      JudgePrompt prompt,
      ChatSettings settings) {
    this.model = model;
    this.reference = model.matching(reference);
    this.referenceModel = reference.model();
    this.annotator = annotator;
    this.control = control;
    LengthControl.requireEnough(control.difficulties(), this.reference.size());
    ImmutableList.Builder<AnswerPair> pairs = ImmutableList.builder();
    for (int i = 0; i < this.reference.size(); i++) {
      Answer answer = model.rows().get(i);
      pairs.add(
          new AnswerPair(answer.instruction(), this.reference.get(i).output(), answer.output()));
    }
    requests = AlpacaEval.requests(pairs.build(), prompt, settings);
  }

  @Override
  public List<JudgeRequest> requests() {
    return requests;
  }

  @Override
  public JudgeOutcome outcome(ImmutableTable<Integer, Integer, ChatReply> replies) {
    List<Annotation> annotations =
        AlpacaEval.annotations(model, reference, referenceModel, annotator, replies);
    Map<String, Object> values = values(annotations, control);
    if (!replies.isEmpty()
        && replies.values().stream().allMatch(reply -> reply.firstToken().isEmpty())) {
      values.put(
          "warning",
          "no reply has the log-probabilities that a verdict is read from: the server must support"
              + " logprobs and top_logprobs");
    }
    return new JudgeOutcome(
        values,
        "annotations.json",
        annotations.stream()
            .map(it -> it.row().toString())
            .collect(Collectors.joining(",\n", "[", "]\n")),
        ImmutableList.of(model.model(), referenceModel, "preference"),
        annotations.stream().map(AlpacaTask::shown).collect(ImmutableList.toImmutableList()));
  }

  /** The numbers by AlpacaEval's names. */
  public static Map<String, Object> values(List<Annotation> annotations, Control control) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(
        "unread_verdicts",
        (int) annotations.stream().filter(it -> it.preference().isEmpty()).count());
    WinRate rate = WinRate.of(annotations);
    if (rate.rate().count() > 1) {
      values.putAll(rate.values());
    }
    if (rate.rate().count() >= LengthControl.FOLDS) {
      LengthControl controlled =
          LengthControl.of(annotations, control.difficulties(), control.gamed());
      values.putAll(controlled.values());
      if (controlled.isFarFrom(rate.rate().value())) {
        values.put(
            "warning", "the length-controlled win rate is far from the raw one; the fit may fail");
      }
    }
    return values;
  }

  private static Case shown(Annotation annotation) {
    double preference = annotation.preference().orElse(1.5);
    return new Case(
        annotation.preference().isEmpty()
            ? "unread"
            : preference > 1.5 ? "win" : preference < 1.5 ? "loss" : "tie",
        Math.abs(preference - 1.5),
        annotation.instruction(),
        ImmutableList.of(
            annotation.output(),
            annotation.reference(),
            annotation.preference().isEmpty()
                ? "could not be read"
                : String.format(Locale.ROOT, "%.3f", preference)));
  }
}
