package io.github.tralign.sweep;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;

import io.github.tralign.figure.BetaPath;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What came out of the runs of a file, compared in pairs by seed. */
record SweepOutcome(List<SweepRow> ends) {

  /** The rule that others are compared with. */
  static final String FIXED = "fixed";

  static SweepOutcome read(Path file) {
    return new SweepOutcome(SweepFile.ends(file));
  }

  /** The names of the rules, the fixed reference first. */
  Set<String> rules() {
    return ends.stream()
        .map(SweepRow::rule)
        .sorted(Comparator.comparing(it -> !it.equals(FIXED)))
        .collect(toCollection(LinkedHashSet::new));
  }

  /** The rules whose reference moves, if there is a fixed one to compare them with. */
  List<String> moving() {
    return rules().contains(FIXED)
        ? rules().stream().filter(it -> !it.equals(FIXED)).toList()
        : List.of();
  }

  Set<Long> seeds() {
    return ends.stream().map(SweepRow::seed).collect(toCollection(TreeSet::new));
  }

  List<SweepRow> ofSeed(long seed) {
    return ends.stream().filter(it -> it.seed() == seed).toList();
  }

  /** The measures of quality that all runs have. */
  List<SweepQuality> qualities() {
    return Arrays.stream(SweepQuality.values()).filter(it -> it.isIn(ends)).toList();
  }

  /** The ends of a rule's runs by falling β. */
  Map<Double, List<SweepRow>> byBeta(String rule) {
    return ends.stream()
        .filter(it -> it.rule().equals(rule))
        .collect(
            groupingBy(
                SweepRow::beta, () -> new TreeMap<>(Comparator.<Double>reverseOrder()), toList()));
  }

  /** The path of a rule over its own β in each seed. */
  private Map<Long, BetaPath> paths(String rule, SweepQuality quality) {
    Map<Long, BetaPath> paths = new TreeMap<>();
    ends.stream()
        .filter(it -> it.rule().equals(rule) && it.scaled())
        .collect(groupingBy(SweepRow::seed))
        .forEach(
            (seed, own) ->
                paths.put(
                    seed,
                    new BetaPath(
                        own.stream()
                            .map(it -> new BetaPath.Point(it.beta(), it.kl(), quality.of(it)))
                            .toList())));
    return paths;
  }

  /** Quality of a rule minus that of a fixed reference at equal KL, in each seed that has both. */
  Map<Long, Double> gainAt(String rule, SweepQuality quality, double kl) {
    return BetaPath.gains(paths(rule, quality), paths(FIXED, quality), kl);
  }

  /** Quality of a rule minus that of a fixed reference at equal β, in each seed that has both. */
  Map<Long, Double> gainAtBeta(String rule, SweepQuality quality, double beta) {
    Map<Long, Double> gains = new TreeMap<>();
    for (SweepRow mine : byBeta(rule).getOrDefault(beta, List.of())) {
      for (SweepRow other : byBeta(FIXED).getOrDefault(beta, List.of())) {
        if (mine.seed() == other.seed()) {
          gains.put(mine.seed(), quality.of(mine) - quality.of(other));
        }
      }
    }
    return gains;
  }

  /** The β that a moving rule has in common with a fixed reference, ascending. */
  Set<Double> equalBetas() {
    Set<Double> equal = new TreeSet<>();
    moving().forEach(rule -> equal.addAll(byBeta(rule).keySet()));
    equal.retainAll(byBeta(FIXED).keySet());
    return equal;
  }
}
