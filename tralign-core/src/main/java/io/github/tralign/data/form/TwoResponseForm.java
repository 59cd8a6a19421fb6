package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Message;

/** A prompt and two responses; a column says which one is better. */
final class TwoResponseForm extends ColumnMapping {

  /** The meaning of the column. */
  private enum Verdict {
    /** 0 if the first is better, 1 if the second is. */
    INDEX,
    /** 1 if the first is better, 0 if the second is. */
    FIRST_WINS,
    /** How much better the second is, negative if the first is better; 0 is a tie. */
    STRENGTH
  }

  private static final double MOST = 3;

  private final Column prompt;
  private final String first;
  private final String second;
  private final String column;
  private final Verdict verdict;

  private TwoResponseForm(
      String name, Column prompt, String first, String second, String column, Verdict verdict) {
    super(name, prompt, Column.text(first), Column.text(second), Column.value(column));
    this.prompt = prompt;
    this.first = first;
    this.second = second;
    this.column = column;
    this.verdict = verdict;
  }

  /** PKU-SafeRLHF. */
  static TwoResponseForm safeRlhf() {
    return new TwoResponseForm(
        "safe-rlhf",
        Column.text("prompt"),
        "response_0",
        "response_1",
        "better_response_id",
        Verdict.INDEX);
  }

  /** Stanford's SHP; the history is a post. */
  static TwoResponseForm shp() {
    return new TwoResponseForm(
        "shp", Column.text("history"), "human_ref_A", "human_ref_B", "labels", Verdict.FIRST_WINS);
  }

  /** HelpSteer2's preferences. */
  static TwoResponseForm helpSteer2() {
    return new TwoResponseForm(
        "helpsteer2",
        Column.text("prompt"),
        "response_1",
        "response_2",
        "preference_strength",
        Verdict.STRENGTH);
  }

  /** HelpSteer3's preferences. */
  static TwoResponseForm helpSteer3() {
    return new TwoResponseForm(
        "helpsteer3",
        Column.list("context"),
        "response1",
        "response2",
        "overall_preference",
        Verdict.STRENGTH);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    double strength = strength(row);
    String field = prompt.names().get(0);
    ImmutableList<Message> question =
        prompt.kind() == Column.Kind.LIST
            ? Messages.of(row, field)
            : ImmutableList.of(Message.of(Messages.USER, row.text(field)));
    ImmutableList<Message> one = Messages.answer(row, first);
    ImmutableList<Message> other = Messages.answer(row, second);
    Judgement judgement = Judgements.ofPair(row);
    if (strength == 0) {
      rows.tie();
      return;
    }
    if (verdict == Verdict.STRENGTH && judgement.margin().isEmpty()) {
      judgement = judgement.margin(Math.abs(strength));
    }
    rows.row(
        Messages.row(
            row,
            question,
            strength < 0 ? ImmutableList.of(one, other) : ImmutableList.of(other, one),
            judgement));
  }

  private double strength(FieldReader row) throws InvalidRowException {
    switch (verdict) {
      case INDEX:
        return row.truth(column) ? 1 : -1;
      case FIRST_WINS:
        return row.truth(column) ? -1 : 1;
      default:
        double strength = row.number(column);
        if (Math.abs(strength) > MOST) {
          throw row.invalid(
              DropReason.FIELD, column, "is " + strength + "; expected a number from -3 to 3");
        }
        return strength;
    }
  }
}
