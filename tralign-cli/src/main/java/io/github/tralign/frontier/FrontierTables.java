package io.github.tralign.frontier;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.github.tralign.figure.NumberTable;
import io.github.tralign.figure.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of outcomes, in Markdown and CSV. */
final class FrontierTables {

  static final ImmutableList<Double> DIVERGENCES =
      ImmutableList.of(1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0);

  private FrontierTables() {}

  static String markdown(List<FrontierOutcome> outcomes) {
    StringBuilder text = new StringBuilder();
    for (FrontierOutcome outcome : outcomes) {
      text.append("## ").append(outcome.title()).append("\n\n");
      text.append("Seeds ").append(Joiner.on(", ").join(outcome.seeds()));
      if (!outcome.peaks().isEmpty()) {
        text.append("; the vanilla method's peak gold in each: ").append(peaks(outcome));
      }
      text.append(".\n\n");
      if (outcome.seeds().size() == 1) {
        text.append(
            "A single seed is not reported, and no setting has two seeds yet; continue with --seeds 2"
                + " or more.\n\n");
      }
      if (outcome.rules().size() > 1) {
        equalDivergence(outcome, text);
        equalBeta(outcome, text);
        best(outcome, text);
      }
      ends(outcome, text);
    }
    return text.toString();
  }

  private static String peaks(FrontierOutcome outcome) {
    return outcome.peaks().values().stream()
        .map(it -> String.format(Locale.ROOT, "%.2f", it))
        .collect(joining(", "));
  }

  private static void equalDivergence(FrontierOutcome outcome, StringBuilder text) {
    text.append(
        "Gold at equal KL minus that of the vanilla method: mean ± sd, standard error (seeds).\n\n");
    head(text, "rule", DIVERGENCES.stream().map(it -> "KL " + number(it)).toList());
    for (String rule : moving(outcome)) {
      text.append("| ").append(rule);
      for (double kl : DIVERGENCES) {
        text.append(" | ").append(spread(outcome.gainAt(rule, kl)));
      }
      text.append(" |\n");
    }
    text.append('\n');
  }

  private static void equalBeta(FrontierOutcome outcome, StringBuilder text) {
    List<Double> betas =
        outcome.equalBetas().stream()
            .filter(
                beta ->
                    moving(outcome).stream()
                        .anyMatch(it -> !outcome.gainAtBeta(it, beta).isEmpty()))
            .toList();
    if (betas.isEmpty()) {
      return;
    }
    text.append(
        "Gold at equal β minus that of the vanilla method: mean ± sd, standard error (seeds).\n\n");
    head(text, "rule", betas.stream().map(it -> "β " + number(it)).toList());
    for (String rule : moving(outcome)) {
      text.append("| ").append(rule);
      for (double beta : betas) {
        text.append(" | ").append(spread(outcome.gainAtBeta(rule, beta)));
      }
      text.append(" |\n");
    }
    text.append('\n');
  }

  private static void best(FrontierOutcome outcome, StringBuilder text) {
    if (!outcome.rules().contains(ReferenceRule.FIXED.toString())) {
      return;
    }
    text.append(
        "Best mean gold over all β, chosen on the same runs, and the difference to that of the"
            + " vanilla method: mean ± sd, standard error (seeds).\n\n");
    head(text, "rule", List.of("β", "gold", "minus vanilla"));
    for (String rule : outcome.rules()) {
      double beta = outcome.bestBeta(rule);
      List<ResultRow> runs = outcome.byBeta(rule).getOrDefault(beta, List.of());
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s |%n",
              rule,
              number(beta),
              runs.size() > 1
                  ? String.format(Locale.ROOT, "%.2f", FrontierOutcome.meanGold(runs))
                  : "one seed",
              rule.equals(ReferenceRule.FIXED.toString()) ? "" : spread(outcome.gainAtBest(rule))));
    }
    text.append('\n');
  }

  private static void ends(FrontierOutcome outcome, StringBuilder text) {
    text.append("End of training: mean ± sd over the seeds.\n\n");
    head(text, "rule", List.of("β", "seeds", "β · lag", "KL", "gold", "permitted", "win"));
    for (String rule : outcome.rules()) {
      outcome
          .byBeta(rule)
          .forEach(
              (beta, runs) ->
                  text.append(
                      String.format(
                          Locale.ROOT,
                          "| %s | %s | %d | %.2f | %s | %s | %s | %s |%n",
                          rule,
                          number(beta),
                          runs.size(),
                          Spread.of(runs.stream().map(ResultRow::pull).toList()).mean(),
                          Spread.of(runs.stream().map(ResultRow::kl).toList()).plain(),
                          Spread.of(runs.stream().map(ResultRow::gold).toList()).plain(),
                          Spread.of(runs.stream().map(ResultRow::permitted).toList()).plain(),
                          Spread.of(runs.stream().map(ResultRow::win).toList()).plain())));
    }
    text.append('\n');
  }

  /** The gain at equal KL of each rule: mean, spread and each seed's. */
  static NumberTable equalDivergence(List<FrontierOutcome> outcomes) {
    NumberTable csv =
        new NumberTable(List.of("regime", "loss", "rule", "kl", "seed", "gain", "vanilla_peak"));
    for (FrontierOutcome outcome : outcomes) {
      Map<Long, Double> peaks = outcome.peaks();
      for (String rule : moving(outcome)) {
        for (double kl : DIVERGENCES) {
          outcome
              .gainAt(rule, kl)
              .forEach(
                  (seed, gain) ->
                      csv.row(
                          List.of(
                              outcome.regime(),
                              outcome.loss(),
                              rule,
                              number(kl),
                              seed,
                              gain,
                              peaks.getOrDefault(seed, Double.NaN))));
        }
      }
    }
    return csv;
  }

  private static List<String> moving(FrontierOutcome outcome) {
    return outcome.rules().stream()
        .filter(it -> !it.equals(ReferenceRule.FIXED.toString()))
        .toList();
  }

  private static String spread(Map<Long, Double> values) {
    return values.isEmpty() ? "" : Spread.of(values.values()).signed();
  }

  private static void head(StringBuilder text, String first, List<String> columns) {
    text.append("| ").append(first).append(" | ").append(String.join(" | ", columns));
    text.append(" |\n|").append(" --- |".repeat(columns.size() + 1)).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
