package io.github.tralign.frontier;

import java.util.List;

/**
 * The settings of one run.
 *
 * @param base the β of the fixed reference that this one's β corresponds to by its lag
 * @param beta the β of the loss
 */
record GridRun(
    Regime regime,
    FrontierLoss loss,
    ReferenceRule rule,
    double base,
    double beta,
    long seed,
    WorldSize size) {

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
