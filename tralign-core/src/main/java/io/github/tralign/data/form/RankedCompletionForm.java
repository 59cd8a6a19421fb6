package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.form.Completions.Scored;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Message;
import io.github.tralign.text.Numbers;
import java.util.ArrayList;
import java.util.List;

/**
 * A prompt and K completions, as texts or as messages: with a score each, or ranked from the best
 * to the worst.
 */
final class RankedCompletionForm extends ColumnMapping {

  private static final String PROMPT = "prompt";
  private static final String SCORES = "scores";

  private final String column;
  private final Completions completions;

  private RankedCompletionForm(
      String name, String column, Completions completions, Column... needs) {
    super(name, needs);
    this.column = column;
    this.completions = completions;
  }

  static RankedCompletionForm scored(Completions completions) {
    return new RankedCompletionForm(
        "scored",
        "completions",
        completions,
        Column.answer(PROMPT),
        Column.list("completions"),
        Column.list(SCORES));
  }

  static RankedCompletionForm ranked(Completions completions) {
    return new RankedCompletionForm(
        "ranked", "ranked", completions, Column.answer(PROMPT), Column.list("ranked"));
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return row.has(SCORES) != isScored();
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    FieldReader elements = row.elements(column);
    double[] scores = scores(row, elements.size());
    if (row.hasList(PROMPT)) {
      List<Scored<ImmutableList<Message>>> scored = new ArrayList<>();
      for (int i = 0; i < scores.length; i++) {
        scored.add(new Scored<>(Messages.answer(elements, "[" + i + "]"), scores[i]));
      }
      completions.chats(row, Messages.of(row, PROMPT), scored, isScored(), rows);
    } else {
      List<Scored<String>> scored = new ArrayList<>();
      for (int i = 0; i < scores.length; i++) {
        scored.add(new Scored<>(elements.completion("[" + i + "]"), scores[i]));
      }
      completions.texts(row, scored, isScored(), rows);
    }
  }

  /** A rank's score only orders; nobody measured how far apart two ranks are. */
  private double[] scores(FieldReader row, int expected) throws InvalidRowException {
    double[] scores = new double[expected];
    FieldReader given = isScored() ? row.elements(SCORES) : null;
    if (given != null && given.size() != expected) {
      throw row.invalid(
          DropReason.FIELD,
          SCORES,
          "holds "
              + Numbers.count(given.size(), "number")
              + " for "
              + Numbers.count(expected, "completion"));
    }
    for (int i = 0; i < expected; i++) {
      scores[i] = given == null ? -i : given.number("[" + i + "]");
    }
    return scores;
  }

  private boolean isScored() {
    return name().equals("scored");
  }

  @Override
  boolean hasChoiceOfPairs() {
    return true;
  }
}
