package io.github.tralign.cli;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.report.Machine;
import io.github.tralign.report.PhaseSeconds;
import io.github.tralign.report.RunSummary;
import io.github.tralign.text.Numbers;
import io.github.tralign.train.TrainingResult;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a run came to, at a glance. */
final class ResultTable {

  private final TrainingResult result;
  private final String unit;
  private final PrintStream out;

  /**
   * A table of a run.
   *
   * @param unit what a row is, such as {@code pair}
   */
  ResultTable(TrainingResult result, String unit, PrintStream out) {
    this.result = result;
    this.unit = unit;
    this.out = out;
  }

  /**
   * Prints the table.
   *
   * @param reference the rule; a fixed reference is the initial policy, and both columns are of the
   *     batch
   * @param error see {@link io.github.tralign.djl.DjlPolicy#referenceError}
   */
  void print(ReferencePolicy reference, double error, PhaseSeconds seconds, RunFolder folder) {
    boolean fixed = reference instanceof FixedReference;
    StepMetrics first = result.first();
    StepMetrics last = result.last();
    out.println("Result");
    if (last.has("logratios/reference")) {
      columns("against the", "current reference", "initial policy");
      columns("measured on the", "last batch", fixed ? "last batch" : "probe rows");
      columns("reward margin", value("rewards/margins"), value("initial/rewards/margins"));
      columns("accuracy", value("rewards/accuracies"), value("initial/rewards/accuracies"));
      columns("log-ratio per token", value("logratios/reference"), value("initial/logratios"));
    } else if (last.has("rewards/margins")) {
      columns("measured on the", "last batch", "");
      columns("reward margin", value("rewards/margins"), "");
      columns("accuracy", value("rewards/accuracies"), "");
    }
    if (last.has("eval_loss")) {
      line("held-out rows", "%s", evaluation(last));
    }
    result.best().ifPresent(best -> line("best evaluation", "%s", best.describe()));
    result
        .earlyStop()
        .ifPresent(why -> line("ended early", "after step %,d: %s", last.step(), why));
    if (error > 0) {
      line(
          "error of reference",
          "at most %s of what the adapter adds to the weights",
          Numbers.significant(error, 2));
    }
    if (result.skippedSteps() > 0) {
      line("skipped", "%s that were not finite", Numbers.count(result.skippedSteps(), "step"));
    }
    line(
        "loss",
        "%s at the first step, %s at the last",
        Numbers.significant(first.loss(), 4),
        Numbers.significant(last.loss(), 4));
    line(
        "trained on",
        "%s, %s in %s, %.1f %ss/s",
        Numbers.count(result.examples(), unit),
        Numbers.count(result.tokens(), "token"),
        Numbers.count(last.step(), "step"),
        RunSummary.pairsPerSecond(result),
        unit);
    line("seconds", "%.1f: %s", seconds.total(), phases(seconds));
    Machine.peakMemory().ifPresent(bytes -> line("peak memory", "%,d MiB", bytes >> 20));
    if (Files.isDirectory(folder.adapter())) {
      line("adapter", "%s", folder.adapter());
    } else {
      line("model", "%s", folder.model());
    }
    if (Files.isDirectory(folder.best())) {
      line("best weights", "%s", folder.best());
    }
    line("report", "%s", folder.report());
  }

  private static String evaluation(StepMetrics last) {
    String loss = "loss " + Numbers.significant(last.get("eval_loss"), 4);
    return last.has("eval_rewards/accuracies")
        ? String.format(
            Locale.ROOT,
            "%s, margin %s, accuracy %s%s",
            loss,
            Numbers.significant(last.get("eval_rewards/margins"), 4),
            Numbers.significant(last.get("eval_rewards/accuracies"), 4),
            last.has("eval_logratios/initial") ? " against the initial policy" : "")
        : loss;
  }

  private void columns(String name, String reference, String initial) {
    line(name, "%18s %18s", reference, initial);
  }

  @FormatMethod
  private void line(String name, @FormatString String format, Object... values) {
    out.printf(Locale.ROOT, "  %-20s %s%n", name, String.format(Locale.ROOT, format, values));
  }

  private String value(String metric) {
    StepMetrics last = result.last();
    return last.has(metric) ? Numbers.significant(last.get(metric), 4) : "-";
  }

  private static String phases(PhaseSeconds seconds) {
    return seconds.byPhase().entrySet().stream()
        .filter(phase -> phase.getValue() > 0)
        .map(it -> String.format(Locale.ROOT, "%s %.1f", it.getKey(), it.getValue()))
        .collect(Collectors.joining(", "))
        .replace('_', ' ');
  }
}
