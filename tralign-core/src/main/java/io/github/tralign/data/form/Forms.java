package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The known forms, and how to find the form of a record. */
final class Forms {

  /** Columns that label a completion. */
  private static final ImmutableList<String> LABELS = Judgements.LABEL.names();

  /** Columns that contain or compare several completions. */
  private static final ImmutableList<String> COMPLETIONS =
      ImmutableList.of(
          "chosen",
          "rejected",
          "completions",
          "ranked",
          "answers",
          "answer_w",
          "answer_l",
          "chosen_response",
          "rejected_response",
          "preferred_output",
          "non_preferred_output",
          "better_response_id",
          "overall_preference",
          "summaries");

  private final ImmutableList<ColumnMapping> forms;

  Forms(FormSettings settings) {
    Turns turns = settings.turns() == null ? Turns.LAST : settings.turns();
    PairChoice choice = settings.pairs() == null ? PairChoice.BEST_WORST : settings.pairs();
    Completions completions = new Completions(choice, settings.seed());
    forms =
        ImmutableList.of(
            new TextPairForm(),
            new ConversationPairForm("chat-pairs", "prompt", "chosen", "rejected"),
            new TextDialogueForm(),
            new ChatDialogueForm(),
            new ComparisonForm(),
            new InstructionPairForm("instruction-pairs", "chosen", "rejected"),
            new InstructionPairForm("argilla", "chosen_response", "rejected_response"),
            new ConversationPairForm("sharegpt-pairs", "conversations", "chosen", "rejected"),
            new ConversationPairForm("messages-pairs", "messages", "chosen", "rejected"),
            new ConversationPairForm("context", "context", "answer_w", "answer_l"),
            new OpenAiPairForm(),
            TwoResponseForm.safeRlhf(),
            TwoResponseForm.shp(),
            TwoResponseForm.helpSteer2(),
            TwoResponseForm.helpSteer3(),
            new TextUnpairedForm(),
            new ChatUnpairedForm(),
            new LabelledConversationForm("messages-unpaired", "messages"),
            new LabelledConversationForm("sharegpt-unpaired", "conversations"),
            InstructionForm.labelled(),
            new TextDemonstrationForm(),
            new ChatDemonstrationForm(),
            InstructionForm.demonstrated(),
            JudgedCompletionForm.ultraFeedback(completions),
            JudgedCompletionForm.nectar(completions),
            JudgedCompletionForm.nemo(completions),
            RankedCompletionForm.scored(completions),
            RankedCompletionForm.ranked(completions),
            new PlainTextForm(),
            new ConversationForm("messages", "messages", turns),
            new ConversationForm("sharegpt", "conversations", turns));
  }

  /** Whether a row judges its completions. */
  static boolean holdsPreference(FieldReader row) {
    return LABELS.stream().anyMatch(row::has) || holdsCompletions(row);
  }

  /** Whether a row contains or compares several completions. */
  static boolean holdsCompletions(FieldReader row) {
    return COMPLETIONS.stream().anyMatch(row::has);
  }

  /**
   * Checks the name of a form.
   *
   * @throws InvalidInputException if no form has it
   */
  static void requireKnown(String name) {
    new Forms(FormSettings.DEFAULT).named(name);
  }

  /** The form with a name. */
  ColumnMapping named(String name) {
    return forms.stream()
        .filter(form -> form.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new InvalidInputException("unknown form '" + name + "'; known: " + names(forms)));
  }

  /** The forms that fit a row. */
  ImmutableList<ColumnMapping> fitting(FieldReader row) {
    return forms.stream().filter(form -> form.fits(row)).collect(ImmutableList.toImmutableList());
  }

  /**
   * A description of the most similar form of a row that fits none, and what is missing; empty if
   * it has no column of any form.
   */
  String nearest(FieldReader row) {
    return forms.stream()
        .filter(form -> form.needs().stream().anyMatch(column -> column.isNamedIn(row)))
        .min(
            Comparator.comparingInt((ColumnMapping form) -> distance(form, row))
                .thenComparing(form -> -form.needs().size()))
        .map(form -> "the most similar form is " + form.name() + ", " + lack(form, row))
        .orElse("");
  }

  private static int distance(ColumnMapping form, FieldReader row) {
    return lacking(form, row).size() + (form.isExcluded(row) ? 1 : 0);
  }

  private static ImmutableList<Column> lacking(ColumnMapping form, FieldReader row) {
    return form.needs().stream()
        .filter(column -> !column.isIn(row))
        .collect(ImmutableList.toImmutableList());
  }

  private static String lack(ColumnMapping form, FieldReader row) {
    String lacking =
        lacking(form, row).stream().map(Column::toString).collect(Collectors.joining(", "));
    return lacking.isEmpty()
        ? "which cannot be combined with "
            + Stream.concat(LABELS.stream(), COMPLETIONS.stream())
                .filter(row::has)
                .map(column -> "'" + column + "'")
                .collect(Collectors.joining(", "))
        : "which also requires " + lacking;
  }

  static String described(List<ColumnMapping> forms) {
    return forms.stream()
        .map(form -> form.name() + " (" + form.columns() + ")")
        .collect(Collectors.joining("; "));
  }

  static String names(List<ColumnMapping> forms) {
    return forms.stream().map(ColumnMapping::name).collect(Collectors.joining(", "));
  }
}
