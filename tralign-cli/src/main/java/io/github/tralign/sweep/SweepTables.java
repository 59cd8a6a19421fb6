package io.github.tralign.sweep;

import io.github.tralign.figure.NumberTable;
import io.github.tralign.figure.Spread;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The tables of an outcome, in Markdown and CSV. */
final class SweepTables {

  /** The KL at which rules are compared. */
  static final List<Double> DIVERGENCES =
      List.of(0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 20.0);

  private final SweepOutcome outcome;

  SweepTables(SweepOutcome outcome) {
    this.outcome = outcome;
  }

  /** All tables in Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    for (SweepQuality quality : outcome.qualities()) {
      text.append("### At equal KL: ").append(quality.title()).append("\n\n");
      gains(text, DIVERGENCES, "KL", rule -> kl -> outcome.gainAt(rule, quality, kl));
    }
    if (!outcome.equalBetas().isEmpty()) {
      for (SweepQuality quality : outcome.qualities()) {
        text.append("### At equal β: ").append(quality.title()).append("\n\n");
        gains(
            text,
            outcome.equalBetas(),
            "β",
            rule -> beta -> outcome.gainAtBeta(rule, quality, beta));
      }
    }
    ends(text);
    return text.toString();
  }

  /** The gain of each moving rule over the fixed reference in each column. */
  private void gains(
      StringBuilder text,
      Collection<Double> columns,
      String unit,
      Function<String, Function<Double, Map<Long, Double>>> gains) {
    List<Double> used =
        columns.stream()
            .filter(
                it -> outcome.moving().stream().anyMatch(r -> !gains.apply(r).apply(it).isEmpty()))
            .toList();
    if (used.isEmpty()) {
      text.append("No rule has a run to compare with the fixed reference.\n\n");
      return;
    }
    text.append("Minus the fixed reference: mean ± sd, standard error (seeds).\n\n");
    head(text, "rule", used.stream().map(it -> unit + " " + number(it)).toList());
    for (String rule : outcome.moving()) {
      text.append("| ").append(rule);
      for (double column : used) {
        Collection<Double> values = gains.apply(rule).apply(column).values();
        text.append(" | ").append(values.isEmpty() ? "" : Spread.of(values).signed());
      }
      text.append(" |\n");
    }
    text.append('\n');
  }

  private void ends(StringBuilder text) {
    boolean words = outcome.qualities().contains(SweepQuality.WORDS);
    text.append("### End of training\n\nMean ± sd over the seeds.\n\n");
    List<String> columns =
        List.of("β", "seeds", "β · lag", "KL", "reward", "win", "tokens", "ended", "accuracy");
    head(text, "rule", words ? with(columns, "words") : columns);
    for (String rule : outcome.rules()) {
      outcome
          .byBeta(rule)
          .forEach(
              (beta, runs) -> {
                text.append("| ").append(rule).append(" | ").append(number(beta));
                text.append(" | ").append(runs.size());
                cell(text, runs, SweepRow::pull);
                cell(text, runs, SweepRow::kl);
                cell(text, runs, SweepRow::reward);
                cell(text, runs, SweepRow::win);
                cell(text, runs, SweepRow::length);
                cell(text, runs, SweepRow::ended);
                cell(text, runs, SweepRow::accuracy);
                if (words) {
                  cell(text, runs, SweepQuality.WORDS::of);
                }
                text.append(" |\n");
              });
    }
    text.append('\n');
  }

  private static List<String> with(List<String> columns, String more) {
    List<String> all = new ArrayList<>(columns);
    all.add(more);
    return all;
  }

  /** A single seed's value is shown, since the page says that it is no result. */
  private static void cell(
      StringBuilder text, List<SweepRow> runs, ToDoubleFunction<SweepRow> value) {
    Spread spread = Spread.of(runs.stream().mapToDouble(value).boxed().toList());
    text.append(" | ")
        .append(
            spread.isOfSeveral()
                ? spread.plain()
                : String.format(Locale.ROOT, "%.2f", spread.mean()));
  }

  /** The gain at equal KL of each rule in each seed. */
  NumberTable equalDivergence() {
    NumberTable csv = new NumberTable(List.of("quality", "rule", "kl", "seed", "gain"));
    for (SweepQuality quality : outcome.qualities()) {
      for (String rule : outcome.moving()) {
        for (double kl : DIVERGENCES) {
          outcome
              .gainAt(rule, quality, kl)
              .forEach((seed, gain) -> csv.row(List.of(quality, rule, number(kl), seed, gain)));
        }
      }
    }
    return csv;
  }

  private static void head(StringBuilder text, String first, List<String> columns) {
    text.append("| ").append(first).append(" | ").append(String.join(" | ", columns));
    text.append(" |\n|").append(" --- |".repeat(columns.size() + 1)).append('\n');
  }

  static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
