package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableList;
import io.github.tralign.text.Shell;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The final output of a quickstart. */
final class Report {

  private static final ImmutableList<String> ABOVE =
      ImmutableList.of(
          "", "", "", "margin to", "margin to", "log p", "log p", "log p", "log-ratio", "weights");
  private static final ImmutableList<String> HEADS =
      ImmutableList.of(
          "run",
          "reference",
          "accuracy",
          "reference",
          "start",
          "chosen",
          "rejected",
          "chosen +/-",
          "per token",
          "moved");

  private final QuickstartSettings settings;
  private final QuickstartFolder folder;
  private final Start start;
  private final List<Outcome> outcomes;

  Report(
      QuickstartSettings settings, QuickstartFolder folder, Start start, List<Outcome> outcomes) {
    this.settings = settings;
    this.folder = folder;
    this.start = start;
    this.outcomes = outcomes;
  }

  /** The table of results with an explanation; the same for the same seed. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d held-out pairs after %d steps with beta %s and learning rate %s, all runs from the"
                + " same start:%n%n",
            settings.heldOutPairs(),
            settings.steps(),
            settings.beta(),
            plain(settings.learningRate())));
    text.append(row(ABOVE)).append(row(HEADS));
    text.append(
        row(
            List.of(
                "start (SFT)",
                "",
                "",
                "",
                "",
                number(HeldOut.mean(start.scores(), 0)),
                number(HeldOut.mean(start.scores(), 1)),
                "",
                "",
                "")));
    outcomes.forEach(outcome -> text.append(row(cells(outcome))));
    return text.append(howToRead()).toString();
  }

  private static List<String> cells(Outcome it) {
    return List.of(
        it.title(),
        it.reference(),
        percent(it.accuracy(), 1),
        signed(it.marginToReference(), 3),
        signed(it.marginToStart(), 3),
        number(it.chosen()),
        number(it.rejected()),
        signed(it.chosenChange(), 2),
        signed(it.logRatio(), 3),
        percent(it.distance(), 2));
  }

  private String howToRead() {
    return String.format(
        Locale.ROOT,
        """

        How to read it
        - A margin is beta * h, where h is how much more the log-probability of the chosen answer
          has gained than that of the rejected one: since the start, or over the reference as it is
          now (fixed: the start; hard: the policy after step %d). Accuracy: share of pairs whose
          margin to the start is positive.
        - The soft reference is only (1 - %s)/%s = %.2f steps behind the policy, so the margin to it
          stays near 0 and says nothing about progress. Look at the margin to the start.
        - DPO pulls at a pair with beta * sigmoid(-beta * h), which fades as h grows. A reference
          that moves brings h back towards 0 and the pull back to beta/2, so that for the same
          beta, steps and learning rate such a run may well go further.
        - Log-ratio (mean of log p - log p at the start over answer tokens, both answers) and moved
          weights (|change| / |start|) tell how far from the start a run went. Where log p falls
          for chosen and rejected answers alike, their probability went to other texts.
        """,
        settings.steps() / settings.tau() * settings.tau(),
        settings.alpha(),
        settings.alpha(),
        (1 - settings.alpha()) / settings.alpha());
  }

  /** Where the files are, and commands to try next. */
  String whatNext() {
    return String.format(
        Locale.ROOT,
        """
    Where it is
      %s: the pairs, as JSON lines of prompt, chosen and rejected
      %s: a folder per run with model/ (loads in Hugging Face transformers), report.html to
        look at, metrics.jsonl and config.yaml
      %s: this table

    Runs side by side:

    %s compare %s --output %s

    What to try next: a stronger beta. Which of the two does it change more?

    %s
    %s\
    """,
        folder.training().getParent(),
        folder.runs(),
        folder.table(),
        Shell.command(),
        Stream.of("dpo", "tr-dpo-soft", "tr-dpo-hard")
            .map(run -> Shell.word(folder.run(run)))
            .collect(Collectors.joining(" ")),
        Shell.word(folder.root().resolve("compare.html")),
        train("fixed", "dpo-beta-0.5"),
        train("soft:" + settings.alpha(), "tr-dpo-soft-beta-0.5"));
  }

  private String train(String reference, String run) {
    return String.format(
        Locale.ROOT,
        """
    %s train --policy %s --data %s \\
        --max-steps %d --batch-size %d --learning-rate %s --threads %d \\
        --beta 0.5 --reference %s --output %s
    """,
        Shell.command(),
        Shell.word(folder.model("sft")),
        Shell.word(folder.training()),
        settings.steps(),
        settings.batch(),
        plain(settings.learningRate()),
        settings.threads(),
        reference,
        Shell.word(folder.runs().resolve(run)));
  }

  /** A small number in short form, such as 1e-4. */
  private static String plain(double value) {
    return Double.toString(value).replace(".0E", "e").replace('E', 'e');
  }

  private static String row(List<String> cells) {
    String row =
        String.format(
            Locale.ROOT, "%-12s %-9s %8s %10s %10s %7s %9s %11s %10s %8s", cells.toArray());
    return row.stripTrailing() + "\n";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String signed(double value, int decimals) {
    return String.format(Locale.ROOT, "%+." + decimals + "f", value);
  }

  private static String percent(double share, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f %%", 100 * share);
  }
}
