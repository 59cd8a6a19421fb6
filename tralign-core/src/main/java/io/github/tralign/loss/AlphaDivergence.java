package io.github.tralign.loss;

/** See {@link FDivergence#alpha}. */
record AlphaDivergence(double alpha) implements FDivergence {

  private static final double LARGEST_EXPONENT = 80;

  AlphaDivergence {
    Ranges.finite("alpha", alpha);
  }

  @Override
  public double link(double logRatio) {
    double power = alpha - 1;
    return power == 0 ? logRatio : Math.expm1(Math.min(power * logRatio, LARGEST_EXPONENT)) / power;
  }

  @Override
  public double slope(double logRatio) {
    double exponent = (alpha - 1) * logRatio;
    return exponent > LARGEST_EXPONENT ? 0 : Math.exp(exponent);
  }

  @Override
  public String toString() {
    return alpha == 1 ? "reverse-kl" : alpha == 0 ? "forward-kl" : "alpha:" + alpha;
  }
}
