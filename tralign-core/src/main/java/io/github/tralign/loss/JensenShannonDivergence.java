package io.github.tralign.loss;

/** See {@link FDivergence#jensenShannon}. */
record JensenShannonDivergence() implements FDivergence {

  private static final double LOG_2 = Math.log(2);

  @Override
  public double link(double logRatio) {
    return LOG_2 + Numerics.logSigmoid(logRatio);
  }

  @Override
  public double slope(double logRatio) {
    return Numerics.sigmoid(-logRatio);
  }

  @Override
  public String toString() {
    return "js";
  }
}
