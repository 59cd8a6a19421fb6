package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.DataStatistics;
import io.github.tralign.data.LengthHistogram;
import io.github.tralign.report.Chart.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The lengths of prompts and completions in the data, in tokens. */
final class Lengths {

  private static final int BARS = 30;

  private final DataStatistics data;

  Lengths(DataStatistics data) {
    this.data = data;
  }

  /**
   * Mean length of chosen over mean length of rejected completions; empty if there are no pairs.
   */
  OptionalDouble chosenOverRejected() {
    return data.chosen().count() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(data.chosen().mean() / data.rejected().mean());
  }

  Chart chart() {
    int longest =
        ImmutableList.of(data.prompts(), data.chosen(), data.rejected(), data.others()).stream()
            .mapToInt(lengths -> lengths.quantile(1))
            .max()
            .orElse(1);
    int width = Math.max(1, (longest + BARS) / BARS);
    ImmutableList.Builder<Line> lines = ImmutableList.builder();
    add(lines, "prompts", data.prompts(), width);
    add(lines, "chosen", data.chosen(), width);
    add(lines, "rejected", data.rejected(), width);
    add(lines, "completions", data.others(), width);
    return Chart.bars(
        "Lengths",
        "Number of prompts and completions by their tokens, in steps of " + width + ".",
        lines.build());
  }

  private static void add(
      ImmutableList.Builder<Line> lines, String label, LengthHistogram lengths, int width) {
    if (lengths.count() == 0) {
      return;
    }
    double[] counts = new double[BARS];
    lengths
        .counts()
        .forEach((length, count) -> counts[Math.min(BARS - 1, length / width)] += count);
    List<Number> x = new ArrayList<>();
    List<Number> y = new ArrayList<>();
    for (int i = 0; i < BARS; i++) {
      x.add(i * width);
      y.add(counts[i]);
    }
    String mean = String.format(Locale.ROOT, " (mean %.1f)", lengths.mean());
    lines.add(Line.path(label + mean, x, y, List.of()));
  }
}
