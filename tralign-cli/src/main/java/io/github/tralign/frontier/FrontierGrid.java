package io.github.tralign.frontier;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is run. For each rule β is that of a fixed reference times the ratio of their lags, so that
 * all rules reach about the same divergences, with as many points each; DPO with a decaying
 * learning rate has some β in common as well, for a comparison at equal β.
 *
 * @param regimes the regimes to run
 * @param losses the losses to run, where a regime has them
 * @param rules the rules to run, where a regime has them
 * @param betas β of a fixed reference, before the loss's factor
 * @param seeds number of seeds; 0 for each regime's own
 */
public record FrontierGrid(
    Set<Regime> regimes,
    Set<FrontierLoss> losses,
    Set<ReferenceRule> rules,
    List<Double> betas,
    int seeds,
    WorldSize size) {

  /** β of fixed references. */
  public static final ImmutableList<Double> BETAS =
      ImmutableList.of(0.003, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 1.0);

  private static final ImmutableList<Double> EQUAL = ImmutableList.of(0.03, 0.1, 0.3);

  private static final int MOST_SEEDS = 1000;

  /**
   * Checks the number of seeds.
   *
   * @throws IllegalArgumentException if it is not from 0 to 1000
   */
  public FrontierGrid {
    if (seeds < 0 || seeds > MOST_SEEDS) {
      throw new IllegalArgumentException(
          "seeds must be at least 1 and at most " + MOST_SEEDS + ", not " + seeds);
    }
  }

  /** Whether no regime has any of the losses and rules. */
  public boolean isEmpty() {
    return runs().isEmpty();
  }

  /** All runs, seed by seed, in a fixed order. */
  ImmutableList<GridRun> runs() {
    int most = seeds > 0 ? seeds : regimes.stream().mapToInt(Regime::seeds).max().orElse(0);
    Map<List<Object>, GridRun> runs = new LinkedHashMap<>();
    for (long seed = 1; seed <= most; seed++) {
      for (Regime regime : Regime.values()) {
        if (regimes.contains(regime) && seed <= (seeds > 0 ? seeds : regime.seeds())) {
          add(regime, seed, runs);
        }
      }
    }
    return ImmutableList.copyOf(runs.values());
  }

  private void add(Regime regime, long seed, Map<List<Object>, GridRun> runs) {
    for (FrontierLoss loss : regime.losses()) {
      for (ReferenceRule rule : regime.rules()) {
        if (losses.contains(loss) && rules.contains(rule) && loss.rules().contains(rule)) {
          for (double base : betas) {
            add(regime, loss, rule, base, seed, runs);
          }
        }
      }
    }
  }

  private void add(
      Regime regime,
      FrontierLoss loss,
      ReferenceRule rule,
      double base,
      long seed,
      Map<List<Object>, GridRun> runs) {
    double beta = scaled(base, loss, rule, size.steps());
    put(new GridRun(regime, loss, rule, beta, seed, size), runs);
    if (equalBetas(regime, loss).contains(base)) {
      put(new GridRun(regime, loss, rule, base, seed, size), runs);
    }
  }

  /** The β at which the rules are compared at equal β: in one regime, with one loss. */
  static ImmutableList<Double> equalBetas(Regime regime, FrontierLoss loss) {
    return regime == Regime.DECAYED && loss == FrontierLoss.DPO ? EQUAL : ImmutableList.of();
  }

  /**
   * Whether a β is there for comparisons at equal β only. Such runs are left out where methods are
   * compared at equal KL, in which all are to have as many points.
   */
  static boolean isExtra(FrontierLoss loss, ReferenceRule rule, double beta, int steps) {
    return EQUAL.contains(beta)
        && BETAS.stream().noneMatch(base -> scaled(base, loss, rule, steps) == beta);
  }

  private static double scaled(double base, FrontierLoss loss, ReferenceRule rule, int steps) {
    return rounded(base * loss.scale() * steps / 2.0 / rule.lag(steps));
  }

  private static void put(GridRun run, Map<List<Object>, GridRun> runs) {
    runs.putIfAbsent(run.cells(), run);
  }

  /** To two significant digits, so that tables can be read. */
  private static double rounded(double beta) {
    return new BigDecimal(beta).round(new MathContext(2, RoundingMode.HALF_EVEN)).doubleValue();
  }
}
