package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.form.Completions.Scored;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Message;
import java.util.ArrayList;
import java.util.List;

/** A prompt and a list of objects, each with a completion and its score or rank. */
final class JudgedCompletionForm extends ColumnMapping {

  private final Completions completions;
  private final Column prompt;
  private final String list;
  private final String answer;
  private final String judgement;

  private JudgedCompletionForm(
      String name,
      Completions completions,
      Column prompt,
      String list,
      String answer,
      String judgement) {
    super(name, prompt, Column.list(list));
    this.completions = completions;
    this.prompt = prompt;
    this.list = list;
    this.answer = answer;
    this.judgement = judgement;
  }

  /**
   * UltraFeedback. The score is {@code fine-grained_score}, the mean over the aspects: {@code
   * overall_score} is known to be wrong in part of the original data.
   */
  static JudgedCompletionForm ultraFeedback(Completions completions) {
    return new JudgedCompletionForm(
        "ultrafeedback",
        completions,
        Question.COLUMN,
        "completions",
        "response",
        "fine-grained_score");
  }

  /** Nectar, whose prompts are texts of turns that end with {@code Assistant:}. */
  static JudgedCompletionForm nectar(Completions completions) {
    return new JudgedCompletionForm(
        "nectar", completions, Column.text("prompt"), "answers", "answer", "rank");
  }

  /** NeMo's preferences: the lowest rank is the best. */
  static JudgedCompletionForm nemo(Completions completions) {
    return new JudgedCompletionForm(
        "nemo", completions, Column.list("context"), "completions", "completion", "rank");
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    ImmutableList<FieldReader> objects = row.objects(list);
    if (name().equals("nectar")) {
      List<Scored<String>> scored = new ArrayList<>();
      for (FieldReader object : objects) {
        scored.add(new Scored<>(object.completion(answer), score(object)));
      }
      completions.texts(row, scored, false, rows);
      return;
    }
    List<Scored<ImmutableList<Message>>> scored = new ArrayList<>();
    for (FieldReader object : objects) {
      scored.add(new Scored<>(Messages.answer(object, answer), score(object)));
    }
    ImmutableList<Message> question =
        prompt.kind() == Column.Kind.LIST
            ? Messages.of(row, prompt.names().get(0))
            : Question.of(row);
    completions.chats(row, question, scored, !isRanked(), rows);
  }

  /** Ranks only give an order; the difference of two ranks is not a margin. */
  private double score(FieldReader object) throws InvalidRowException {
    double number = object.number(judgement);
    return isRanked() ? -number : number;
  }

  private boolean isRanked() {
    return judgement.equals("rank");
  }

  @Override
  boolean hasChoiceOfPairs() {
    return true;
  }
}
