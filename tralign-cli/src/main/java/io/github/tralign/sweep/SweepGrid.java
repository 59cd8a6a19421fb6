package io.github.tralign.sweep;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.reference.ReferencePolicy;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is run: β times reference rules times seeds. The β of a rule are those of a fixed reference
 * times the ratio of their mean lags, so that all rules cover about the same distances.
 *
 * @param rules without repetition
 * @param betas β of a fixed reference, each &gt; 0
 * @param equalBetas further β, which every rule is run with as they are
 * @param seeds in the order in which they are run
 * @param steps optimizer steps of a run, ≥ 1
 * @param stepsPerEpoch optimizer steps of a pass over the data, ≥ 1
 */
public record SweepGrid(
    List<ReferencePolicy> rules,
    List<Double> betas,
    List<Double> equalBetas,
    List<Long> seeds,
    long steps,
    long stepsPerEpoch) {

  /**
   * Checks that there is something to run and copies the lists.
   *
   * @throws InvalidSettingException if a list is empty or has an entry twice, a β is not a positive
   *     number, or the lag of a rule is not known
   */
  public SweepGrid {
    rules = List.copyOf(rules);
    betas = List.copyOf(betas);
    equalBetas = List.copyOf(equalBetas);
    seeds = List.copyOf(seeds);
    requireDistinct("rules", rules.stream().map(Object::toString).toList());
    requireDistinct("betas", betas);
    InvalidSettingException.require(!rules.isEmpty(), "rules", "at least one rule is required");
    InvalidSettingException.require(!betas.isEmpty(), "betas", "at least one beta is required");
    InvalidSettingException.require(!seeds.isEmpty(), "seeds", "at least one seed is required");
    betas.forEach(beta -> requirePositive("betas", beta));
    equalBetas.forEach(beta -> requirePositive("equalBetas", beta));
    for (ReferencePolicy rule : rules) {
      InvalidSettingException.require(
          SimulatedLag.of(rule, steps, stepsPerEpoch) > 0,
          "rules",
          rule + " never lags behind the policy, so there is nothing to learn with it");
    }
  }

  private static void requireDistinct(String setting, List<?> values) {
    InvalidSettingException.require(
        values.stream().distinct().count() == values.size(),
        setting,
        setting + " must differ, not be " + values);
  }

  private static void requirePositive(String setting, double beta) {
    InvalidSettingException.require(
        beta > 0 && Double.isFinite(beta), setting, "beta must be greater than 0, not " + beta);
  }

  /** The β of all runs. */
  public Set<Double> usedBetas() {
    return runs().stream().map(SweepRun::beta).collect(Collectors.toCollection(TreeSet::new));
  }

  /** All runs, seed by seed, then β by β, so that what is done first can be compared. */
  List<SweepRun> runs() {
    Map<List<Object>, SweepRun> runs = new LinkedHashMap<>();
    for (long seed : seeds) {
      for (double base : betas) {
        for (ReferencePolicy rule : rules) {
          put(new SweepRun(rule, scaled(base, rule), seed, true), runs);
        }
      }
      for (double beta : equalBetas) {
        for (ReferencePolicy rule : rules) {
          put(new SweepRun(rule, beta, seed, false), runs);
        }
      }
    }
    return new ArrayList<>(runs.values());
  }

  private static void put(SweepRun run, Map<List<Object>, SweepRun> runs) {
    runs.putIfAbsent(List.of(run.rule().toString(), run.beta(), run.seed()), run);
  }

  /** To two significant digits, so that tables can be read. */
  private double scaled(double base, ReferencePolicy rule) {
    double fixed = (steps - 1) / 2.0;
    double lag = SimulatedLag.of(rule, steps, stepsPerEpoch);
    return lag == fixed
        ? base
        : new BigDecimal(base * fixed / lag)
            .round(new MathContext(2, RoundingMode.HALF_EVEN))
            .doubleValue();
  }
}
