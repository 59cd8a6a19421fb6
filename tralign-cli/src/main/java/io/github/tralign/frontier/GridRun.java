package io.github.tralign.frontier;

import java.util.List;

/** The settings of one run. */
record GridRun(
    Regime regime, FrontierLoss loss, ReferenceRule rule, double beta, long seed, WorldSize size) {

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
