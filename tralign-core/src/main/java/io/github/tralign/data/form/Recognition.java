package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the form of a file's rows. The first row that fits exactly one form decides; later rows
 * that fit another form are invalid. A form set by the user is not questioned.
 */
final class Recognition {

  private static final String REMEDY =
      "; name the form with --form NAME, or the columns with --columns, as in"
          + " --columns prompt=question,chosen=good,rejected=bad";

  private final FormSettings settings;
  private final Forms forms;
  private @Nullable ColumnMapping decided;

  Recognition(FormSettings settings) {
    this.settings = settings;
    this.forms = new Forms(settings);
    if (settings.form() != null) {
      decided = forms.named(settings.form());
    }
  }

  /** The form of a row. */
  ColumnMapping of(FieldReader row) throws InvalidRowException {
    if (decided != null && settings.form() != null) {
      return checked(decided, row);
    }
    ImmutableList<ColumnMapping> fitting = forms.fitting(row);
    if (decided == null) {
      decided = only(fitting, row);
      return checked(decided, row);
    }
    // A row that fits no form is read nevertheless: reading reports which field is invalid.
    if (!fitting.isEmpty() && !fitting.equals(List.of(decided))) {
      throw new InvalidRowException(
          DropReason.FORM,
          String.format(
              Locale.ROOT,
              "the columns fit the form %s, but earlier rows have the form %s%s",
              Forms.names(fitting),
              decided.name(),
              REMEDY));
    }
    return decided;
  }

  /** Whether the form is decided, by a row or by the user. */
  boolean isDone() {
    return decided != null;
  }

  private ColumnMapping only(ImmutableList<ColumnMapping> fitting, FieldReader row)
      throws InvalidRowException {
    if (fitting.isEmpty()) {
      String nearest = forms.nearest(row);
      throw new InvalidRowException(
          DropReason.FORM,
          String.format(
              Locale.ROOT,
              "the row has %s, which fits no form%s%s; docs/data.md lists all forms",
              row.described(),
              nearest.isEmpty() ? "" : "; " + nearest,
              REMEDY));
    }
    if (fitting.size() > 1) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: the row has %s, which fits several forms: %s%s",
              row.origin(),
              row.described(),
              Forms.described(fitting),
              REMEDY));
    }
    return fitting.get(0);
  }

  /** Settings that do not apply to the form are rejected, not ignored. */
  private ColumnMapping checked(ColumnMapping form, FieldReader row) {
    if (settings.turns() == Turns.ALL && !form.hasTurns()) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: --turns all is for supervised fine-tuning on conversations (messages, sharegpt), but the rows"
                  + " have the form %s",
              row.origin(),
              form.name()));
    }
    if (settings.pairs() != null && !form.hasChoiceOfPairs()) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: --pairs is for completions with scores or ranks (ultrafeedback, nectar, nemo,"
                  + " scored, ranked), but the rows have the form %s",
              row.origin(),
              form.name()));
    }
    return form;
  }
}
