package io.github.tralign.toy;

/**
 * A summary of a method's runs over the seeds.
 *
 * @param method the method's title
 * @param outOfData probability of all sequences outside the data
 * @param outOfDataMedian its median after the last step
 * @param beforeFork mean after the last step, see {@link Leaves#beforeFork}
 * @param atFork mean after the last step, see {@link Leaves#atFork}
 * @param behindFork mean after the last step, see {@link Leaves#behindFork}
 * @param chosen probability of the chosen sequence
 * @param rejected mean probability of the rejected sequence after the last step
 * @param pullLeft mean gradient weight at the last step divided by that at the first
 */
record Summary(
    String method,
    Band outOfData,
    double outOfDataMedian,
    double beforeFork,
    double atFork,
    double behindFork,
    Band chosen,
    double rejected,
    double pullLeft) {

  static Summary of(ToyResult result, int method) {
    Band pull = result.band(method, Measure.GRADIENT_WEIGHT);
    return new Summary(
        result.methods().get(method).title(),
        result.band(method, Measure.OUT_OF_DATA),
        result.lastMedian(method, Measure.OUT_OF_DATA),
        result.band(method, Measure.BEFORE_FORK).lastMean(),
        result.band(method, Measure.AT_FORK).lastMean(),
        result.band(method, Measure.BEHIND_FORK).lastMean(),
        result.band(method, Measure.CHOSEN),
        result.band(method, Measure.REJECTED).lastMean(),
        pull.lastMean() / pull.mean()[0]);
  }
}
