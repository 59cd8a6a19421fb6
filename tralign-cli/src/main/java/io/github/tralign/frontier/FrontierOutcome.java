package io.github.tralign.frontier;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.github.tralign.figure.BetaPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What came out of the runs of one regime and loss, compared in pairs by seed. */
final class FrontierOutcome {

  private final Regime regime;
  private final FrontierLoss loss;
  private final List<ResultRow> ends; // the last row of each run

  private FrontierOutcome(List<ResultRow> ends) {
    this.regime = ends.get(0).run().regime();
    this.loss = ends.get(0).run().loss();
    this.ends = ends;
  }

  /**
   * The outcome of each regime and loss in the complete runs of a file, in the order of the grid.
   */
  static List<FrontierOutcome> read(Path file) {
    Map<GridRun, ResultRow> ends = new LinkedHashMap<>();
    for (ResultRow row : ResultFile.rows(file)) {
      ends.merge(row.run(), row, (a, b) -> a.step() > b.step() ? a : b);
    }
    List<FrontierOutcome> outcomes = new ArrayList<>();
    for (Regime regime : Regime.values()) {
      for (FrontierLoss loss : FrontierLoss.values()) {
        List<ResultRow> own =
            ends.values().stream()
                .filter(it -> it.run().regime() == regime)
                .filter(it -> it.run().loss() == loss)
                .toList();
        if (!own.isEmpty()) {
          outcomes.add(new FrontierOutcome(own));
        }
      }
    }
    return outcomes;
  }

  String title() {
    return regime + ", " + loss;
  }

  Regime regime() {
    return regime;
  }

  FrontierLoss loss() {
    return loss;
  }

  /** The β at which its rules are compared at equal β. */
  List<Double> equalBetas() {
    return FrontierGrid.equalBetas(regime, loss);
  }

  /** The names of the rules in the order of the grid, the fixed reference first. */
  Set<String> rules() {
    Set<String> there = ends.stream().map(ResultRow::rule).collect(toSet());
    Set<String> rules = new LinkedHashSet<>();
    for (ReferenceRule rule : ReferenceRule.ALL) {
      if (there.contains(rule.toString())) {
        rules.add(rule.toString());
      }
    }
    return rules;
  }

  Set<Long> seeds() {
    return ends.stream().map(ResultRow::seed).collect(toCollection(TreeSet::new));
  }

  /** The ends of a rule's runs by falling β. */
  Map<Double, List<ResultRow>> byBeta(String rule) {
    return ends.stream()
        .filter(it -> it.rule().equals(rule))
        .collect(
            groupingBy(
                ResultRow::beta, () -> new TreeMap<>(Comparator.<Double>reverseOrder()), toList()));
  }

  /** The path of a rule over its own β in each seed. */
  Map<Long, BetaPath> paths(String rule) {
    Map<Long, BetaPath> paths = new TreeMap<>();
    ends.stream()
        .filter(it -> it.rule().equals(rule) && !it.isExtra())
        .collect(groupingBy(ResultRow::seed))
        .forEach((seed, own) -> paths.put(seed, path(own)));
    return paths;
  }

  private static BetaPath path(List<ResultRow> ends) {
    return new BetaPath(
        ends.stream().map(it -> new BetaPath.Point(it.beta(), it.kl(), it.gold())).toList());
  }

  /** The vanilla method's greatest gold in each seed, by which worlds are compared. */
  Map<Long, Double> peaks() {
    Map<Long, Double> peaks = new TreeMap<>();
    paths(ReferenceRule.FIXED.toString()).forEach((seed, path) -> peaks.put(seed, path.peak()));
    return peaks;
  }

  /** Gold of a rule minus that of the vanilla method at equal KL, in each seed that has both. */
  Map<Long, Double> gainAt(String rule, double kl) {
    return BetaPath.gains(paths(rule), paths(ReferenceRule.FIXED.toString()), kl);
  }

  /**
   * The β of a rule with the highest mean gold over the seeds, among those that were run with all
   * seeds of the rule.
   */
  double bestBeta(String rule) {
    Map<Double, List<ResultRow>> runs = byBeta(rule);
    int seeds = runs.values().stream().mapToInt(List::size).max().orElseThrow();
    return runs.entrySet().stream()
        .filter(it -> it.getValue().size() == seeds)
        .max(Comparator.comparingDouble(it -> meanGold(it.getValue())))
        .orElseThrow()
        .getKey();
  }

  static double meanGold(List<ResultRow> ends) {
    return ends.stream().mapToDouble(ResultRow::gold).average().orElseThrow();
  }

  /** Gold of a rule minus that of the vanilla method, each at its best β, in each common seed. */
  Map<Long, Double> gainAtBest(String rule) {
    String fixed = ReferenceRule.FIXED.toString();
    return gain(
        byBeta(rule).getOrDefault(bestBeta(rule), List.of()),
        byBeta(fixed).getOrDefault(bestBeta(fixed), List.of()));
  }

  /** Gold of a rule minus that of the vanilla method at equal β, in each seed that has both. */
  Map<Long, Double> gainAtBeta(String rule, double beta) {
    return gain(
        byBeta(rule).getOrDefault(beta, List.of()),
        byBeta(ReferenceRule.FIXED.toString()).getOrDefault(beta, List.of()));
  }

  private static Map<Long, Double> gain(List<ResultRow> ends, List<ResultRow> fixed) {
    Map<Long, Double> gains = new TreeMap<>();
    for (ResultRow mine : ends) {
      for (ResultRow other : fixed) {
        if (mine.seed() == other.seed()) {
          gains.put(mine.seed(), mine.gold() - other.gold());
        }
      }
    }
    return gains;
  }
}
