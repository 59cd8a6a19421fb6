package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.report.Chart.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** How long prompts and completions of the data are, in tokens. */
final class Lengths {

  private static final int BARS = 30;

  private final List<Integer> prompts = new ArrayList<>();
  private final List<Integer> chosen = new ArrayList<>();
  private final List<Integer> rejected = new ArrayList<>();
  private final List<Integer> completions = new ArrayList<>();

  Lengths(PreferenceData data) {
    for (Example example : data.examples()) {
      prompts.add(example.prompt().length());
      if (example.isPair()) {
        chosen.add(example.chosen().length());
        rejected.add(example.rejected().length());
      } else {
        example.completions().stream().map(ImmutableIntArray::length).forEach(completions::add);
      }
    }
  }

  /** By how many times chosen completions are longer than rejected ones, where there are pairs. */
  OptionalDouble chosenOverRejected() {
    return chosen.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(mean(chosen) / mean(rejected));
  }

  Chart chart() {
    int longest =
        ImmutableList.of(prompts, chosen, rejected, completions).stream()
            .flatMap(List::stream)
            .mapToInt(Integer::intValue)
            .max()
            .orElse(1);
    int width = Math.max(1, (longest + BARS) / BARS);
    ImmutableList.Builder<Line> lines = ImmutableList.builder();
    add(lines, "prompts", prompts, width);
    add(lines, "chosen", chosen, width);
    add(lines, "rejected", rejected, width);
    add(lines, "completions", completions, width);
    return Chart.bars(
        "Lengths",
        "Number of prompts and completions by their tokens, in steps of " + width + ".",
        lines.build());
  }

  private static void add(
      ImmutableList.Builder<Line> lines, String label, List<Integer> lengths, int width) {
    if (lengths.isEmpty()) {
      return;
    }
    double[] counts = new double[BARS];
    lengths.forEach(length -> counts[Math.min(BARS - 1, length / width)]++);
    List<Number> x = new ArrayList<>();
    List<Number> y = new ArrayList<>();
    for (int i = 0; i < BARS; i++) {
      x.add(i * width);
      y.add(counts[i]);
    }
    String mean = String.format(Locale.ROOT, " (mean %.1f)", mean(lengths));
    lines.add(new Line(label + mean, x, y, List.of(), List.of()));
  }

  private static double mean(List<Integer> lengths) {
    return lengths.stream().mapToInt(Integer::intValue).average().orElse(Double.NaN);
  }
}
