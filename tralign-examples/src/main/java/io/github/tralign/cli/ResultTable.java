package io.github.tralign.cli;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingResult;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** What a run came to, at a glance. */
final class ResultTable {

  private ResultTable() {}

  static void print(
      TrainingResult result, PhaseSeconds seconds, RunFolder folder, PrintStream out) {
    StepMetrics first = result.metrics().get(0);
    StepMetrics last = result.last();
    String row = "  %-22s %20s %18s%n";
    out.println("Result");
    out.printf(Locale.ROOT, row, "last step, against the", "current reference", "initial policy");
    out.printf(
        Locale.ROOT,
        row,
        "reward margin",
        of(last, "", "rewards/margins"),
        of(last, "initial/", "rewards/margins"));
    out.printf(
        Locale.ROOT,
        row,
        "accuracy",
        of(last, "", "rewards/accuracies"),
        of(last, "initial/", "rewards/accuracies"));
    out.printf(
        Locale.ROOT,
        row,
        "log-ratio per token",
        of(last, "", "logratios/reference"),
        of(last, "initial/", "logratios"));
    out.printf(
        Locale.ROOT,
        "  %-22s %.4f at the first step, %.4f at the last%n",
        "loss",
        first.loss(),
        last.loss());
    out.printf(
        Locale.ROOT,
        "  %-22s %,d pairs, %,d tokens in %,d steps, %.1f pairs/s%n",
        "trained on",
        result.examples(),
        result.tokens(),
        last.step(),
        RunSummary.pairsPerSecond(result));
    out.printf(Locale.ROOT, "  %-22s %.1f%s%n", "seconds", seconds.total(), phases(seconds));
    Machine.peakMemory()
        .ifPresent(
            bytes -> out.printf(Locale.ROOT, "  %-22s %,d MiB%n", "peak memory", bytes >> 20));
    out.printf(Locale.ROOT, "  %-22s %s%n", "model", folder.model());
    out.printf(Locale.ROOT, "  %-22s %s%n", "metrics", folder.metrics());
  }

  private static String of(StepMetrics metrics, String prefix, String name) {
    return metrics.has(prefix + name)
        ? String.format(Locale.ROOT, "%.4f", metrics.get(prefix + name))
        : "-";
  }

  private static String phases(PhaseSeconds seconds) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Double> phase : seconds.byPhase().entrySet()) {
      if (phase.getValue() > 0) {
        text.append(text.isEmpty() ? ": " : ", ")
            .append(phase.getKey().replace('_', ' '))
            .append(String.format(Locale.ROOT, " %.1f", phase.getValue()));
      }
    }
    return text.toString();
  }
}
