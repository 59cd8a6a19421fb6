package io.github.tralign.sweep;

import io.github.tralign.reference.ReferencePolicy;
import java.util.List;

/**
 * The settings of one run that others do not share.
 *
 * @param scaled whether β is one of the rule's own, scaled by its lag; otherwise it is there for a
 *     comparison at equal β
 */
record SweepRun(ReferencePolicy rule, double beta, long seed, boolean scaled) {

  /** The columns of {@link #cells}. */
  static final List<String> COLUMNS = List.of("rule", "beta", "seed", "scaled");

  /** Two runs with the same cells are the same run. */
  List<Object> cells() {
    return List.of(rule, Double.toString(beta), seed, scaled);
  }

  /** Names the run, as in {@code soft:0.6, beta 2.5, seed 42}. */
  String title() {
    return rule + ", beta " + beta + ", seed " + seed;
  }

  /** The name of the file with its answers. */
  String fileName() {
    return fileName(seed, rule.toString(), beta);
  }

  static String fileName(long seed, String rule, double beta) {
    String name = seed + "-" + rule + "-beta-" + beta;
    return name.replaceAll("[^A-Za-z0-9.=-]", "-") + ".jsonl";
  }
}
