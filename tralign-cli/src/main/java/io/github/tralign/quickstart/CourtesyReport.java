package io.github.tralign.quickstart;

import io.github.tralign.text.Shell;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a quickstart with a real model shows in the end. */
final class CourtesyReport {

  private static final int WIDTH = 96;
  private static final String INDENT = " ".repeat(10);

  private final CourtesySettings settings;
  private final List<CourtesyPair> questions;
  private final List<CourtesyOutcome> outcomes;

  /**
   * A report.
   *
   * @param questions those that were held out
   * @param outcomes that of the start, then those of the runs
   */
  CourtesyReport(
      CourtesySettings settings, List<CourtesyPair> questions, List<CourtesyOutcome> outcomes) {
    this.settings = settings;
    this.questions = questions;
    this.outcomes = outcomes;
  }

  /** The answers and the table; the same for the same seed on the same machine. */
  String text() {
    StringBuilder text = new StringBuilder("Questions that no run was trained on\n");
    for (int i = 0; i < outcomes.get(0).answers().size(); i++) {
      text.append('\n').append(questions.get(i).question()).append('\n');
      for (CourtesyOutcome outcome : outcomes) {
        text.append(
            wrapped(
                String.format(
                    Locale.ROOT, "  %-7s %s", outcome.title(), outcome.answers().get(i))));
      }
    }
    return text.append('\n').append(table()).append(howToRead()).toString();
  }

  /** Wraps at blanks, and indents the lines after the first. */
  static String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    String line = "";
    String first = text.replaceAll("\\s*\\n\\s*", " / "); // what a model writes may have lines
    for (String word : first.split("(?<=\\S) ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH && !line.isBlank()) {
        lines.append(line).append('\n');
        line = INDENT + word;
      } else {
        line += (line.isEmpty() ? "" : " ") + word;
      }
    }
    return lines + line + "\n";
  }

  private String table() {
    StringBuilder table =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-8s %-9s %9s %9s %8s %15s %8s%n",
                "",
                "reference",
                "courteous",
                "accuracy",
                "margin",
                "KL",
                "trained"));
    for (int i = 0; i < outcomes.size(); i++) {
      CourtesyOutcome it = outcomes.get(i);
      table.append(
          i == 0
              ? String.format(
                  Locale.ROOT, "%-8s %-9s %8.0f%%%n", it.title(), "", 100 * it.drawn().courteous())
              : String.format(
                  Locale.ROOT,
                  "%-8s %-9s %8.0f%% %8.0f%% %+8.2f %8.1f ± %4.1f %6.0f s%n",
                  it.title(),
                  i == 1 ? "fixed" : "soft:" + settings.alpha(),
                  100 * it.drawn().courteous(),
                  100 * it.accuracy(),
                  it.margin(),
                  it.drawn().kl().mean(),
                  it.drawn().kl().standardError(),
                  it.seconds()));
    }
    return table.toString();
  }

  private String howToRead() {
    return String.format(
        Locale.ROOT,
        """

        How to read it
        - The answers above are the most probable ones, cut after %d tokens (…). Right and wrong
          facts are the model's own: it was shown tone, not knowledge, and a small model knows little.
        - courteous: share of %d drawn answers with a courteous word, such as please, happy, glad,
          thank, hope, of course or enjoy. A rule this simple also counts what is only polite.
        - accuracy: share of the %d held-out pairs for whose courteous answer the log-probability
          has risen more, since the start, than for the curt one. margin: beta (%s) times that rise,
          on average.
        - KL: how far a run has gone from the start, in nats an answer, with its standard error over
          the questions. TR-DPO moves its reference along and so goes further at the same beta.
        """,
        settings.maxNewTokens(),
        settings.samples() * questions.size(),
        questions.size(),
        settings.beta());
  }

  /** Where the files are, and commands to try next. */
  static String whatNext(QuickstartFolder folder, Path model) {
    String adapter = Shell.word(folder.run("tr-dpo-soft").resolve("adapter"));
    return String.format(
        Locale.ROOT,
        """
        Where it is
          %s: the pairs
          %s: a folder per run with adapter/ (loads in PEFT), report.html and metrics.jsonl
          %s: the text above

        Talk to it:

        %s chat --policy %s --adapter %s

        Align it further, with data of your own:

        %s train --policy %s --data %s \\
            --lora-rank 16 --learning-rate 5e-4 --reference soft:0.6 --output my-run
        """,
        folder.training().getParent(),
        folder.runs(),
        folder.answers(),
        Shell.command(),
        Shell.word(model),
        adapter,
        Shell.command(),
        Shell.word(model),
        Shell.word(folder.training()));
  }
}
