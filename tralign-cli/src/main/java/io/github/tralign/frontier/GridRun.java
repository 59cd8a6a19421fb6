package io.github.tralign.frontier;

import java.util.List;

/** The settings of one run. */
record GridRun(
    Regime regime, FrontierLoss loss, ReferenceRule rule, double beta, long seed, WorldSize size) {

  /** Names the run, as in {@code decayed, dpo, soft:0.6, beta 0.1, seed 2}. */
  String title() {
    return regime + ", " + loss + ", " + rule + ", beta " + beta + ", seed " + seed;
  }

  /** The first columns of each of its rows; two runs with the same are the same run. */
  List<Object> cells() {
    return List.of(
        regime,
        loss,
        rule,
        Double.toString(beta),
        seed,
        size.hidden(),
        size.sftSteps(),
        size.pairs(),
        size.prompts());
  }
}
