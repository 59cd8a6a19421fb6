package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;
import static java.util.Objects.requireNonNull;

import io.github.tralign.data.Example;
import java.util.Locale;

/**
 * DPO with an offset: {@code L = −log σ(βh − α f(Δr))} with the margin {@code Δr} between the
 * rewards of the completions; {@code ∂L/∂h = −β σ(α f(Δr) − βh)}.
 *
 * <p>Amini et al., "Direct Preference Optimization with an Offset" (arXiv 2402.10571): the larger
 * the reward margin, the larger the required log-ratio margin. Each row needs a {@link
 * io.github.tralign.data.row.Judgement#margin margin}; for {@link Offset#LOG} it must be positive.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param alpha α, weight of the offset, ≥ 0; 0 is DPO
 * @param offset f
 */
public record OdpoLoss(double beta, double alpha, Offset offset) implements PairwiseLoss {

  /** The function f that maps a margin to an offset. */
  public enum Offset {
    /** The logarithm of the margin, as in the paper's experiments and its authors' code. */
    LOG,
    /** The margin itself. */
    IDENTITY
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public OdpoLoss {
    requireNonNull(offset, "offset");
    Ranges.positive("beta", beta);
    Ranges.notNegative("alpha", alpha);
  }

  /** The same loss with another weight of the offset. */
  public OdpoLoss alpha(double weight) {
    return new OdpoLoss(beta, weight, offset);
  }

  /** The same loss with another offset function. */
  public OdpoLoss offset(Offset f) {
    requireNonNull(f, "f");
    return new OdpoLoss(beta, alpha, f);
  }

  @Override
  public String name() {
    return "odpo";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public void check(Example example) {
    PairwiseLoss.super.check(example);
    Ranges.requireMargin(this, example);
    double margin = example.judgement().margin().orElseThrow();
    if (offset == Offset.LOG && margin <= 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the loss odpo takes the logarithm of margins, but that of %s is %s; leave such rows"
                  + " out or take the margin itself (Offset.IDENTITY)",
              example.origin(),
              margin));
    }
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double margin = pair.judgement().margin().orElseThrow();
    double f = offset == Offset.LOG ? Math.log(margin) : margin;
    double x = beta * pair.h() - alpha * f;
    return PairTerm.ofMargin(-logSigmoid(x), -beta * sigmoid(-x));
  }
}
