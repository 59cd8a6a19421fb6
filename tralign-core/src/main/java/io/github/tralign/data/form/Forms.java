package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import java.util.List;
import java.util.stream.Collectors;

/** The forms that are known, and which of them a record has. */
final class Forms {

  /** Columns that compare or judge completions; where one is, nothing is there to imitate. */
  private static final ImmutableList<String> PREFERENCES =
      ImmutableList.of(
          "chosen",
          "rejected",
          "label",
          "completions",
          "ranked",
          "answer_w",
          "answer_l",
          "chosen_response",
          "rejected_response",
          "summaries");

  private final ImmutableList<Form> forms;

  Forms(FormSettings settings) {
    Turns turns = settings.turns() == null ? Turns.LAST : settings.turns();
    PairChoice choice = settings.pairs() == null ? PairChoice.BEST_WORST : settings.pairs();
    Completions completions = new Completions(choice, settings.seed());
    forms =
        ImmutableList.of(
            new TextPairs(),
            new ChatPairs(),
            new TextDialogues(),
            new ChatDialogues(),
            new Comparisons(),
            new ArgillaPairs(),
            new ShareGptPairs(),
            new ContextPairs(),
            new TextUnpaired(),
            new ChatUnpaired(),
            new UltraFeedback(completions),
            RankedCompletions.scored(completions),
            RankedCompletions.ranked(completions),
            new TextDemonstrations(),
            new ChatDemonstrations(),
            new PlainText(),
            new Conversations("messages", "messages", turns),
            new Conversations("sharegpt", "conversations", turns));
  }

  /** Whether a row says more of completions than that they were written. */
  static boolean holdsPreference(Fields row) {
    return PREFERENCES.stream().anyMatch(row::has);
  }

  /**
   * Checks a name that a person gave.
   *
   * @throws InvalidInputException if no form has it
   */
  static void requireKnown(String name) {
    new Forms(FormSettings.DEFAULT).named(name);
  }

  /** The form of a name. */
  Form named(String name) {
    return forms.stream()
        .filter(form -> form.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new InvalidInputException("unknown form '" + name + "'; known: " + names(forms)));
  }

  /** The forms whose columns a row has. */
  ImmutableList<Form> fitting(Fields row) {
    return forms.stream().filter(form -> form.fits(row)).collect(ImmutableList.toImmutableList());
  }

  /** Each form with its columns, for a person. */
  String described() {
    return described(forms);
  }

  static String described(List<Form> forms) {
    return forms.stream()
        .map(form -> form.name() + " (" + form.columns() + ")")
        .collect(Collectors.joining("; "));
  }

  static String names(List<Form> forms) {
    return forms.stream().map(Form::name).collect(Collectors.joining(", "));
  }
}
