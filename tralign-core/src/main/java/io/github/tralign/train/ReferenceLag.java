package io.github.tralign.train;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.DpoLoss;
import io.github.tralign.loss.IpoLoss;
import io.github.tralign.loss.IpoMeanLoss;
import io.github.tralign.loss.KtoLoss;
import io.github.tralign.loss.KtoPairLoss;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.text.Numbers;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The mean lag of the reference in a run, and what it makes of β.
 *
 * <p>In a step a loss sees log-ratios of the size that the policy gains within the lag L, so that
 * β·L says how strongly β pulls. A fixed reference lags by half the run.
 *
 * @param rule the rule of the reference
 * @param steps of the run
 * @param stepsPerEpoch as in {@link ReferencePolicy#meanLag}
 */
record ReferenceLag(ReferencePolicy rule, long steps, long stepsPerEpoch) {

  /**
   * β·L below which β has hardly any influence, on any loss of {@link #betaOf}: as long as the
   * margin of a pair grows by no more than one nat in a step, β times the margin stays below a
   * tenth. {@code docs/experiments/frontier.md} measured no influence of β below 0.4.
   */
  private static final double LEAST = 0.1;

  /** The mean lag in steps, if it is known. */
  OptionalDouble mean() {
    return rule.meanLag(steps, stepsPerEpoch);
  }

  private double fixed() {
    return steps / 2.0;
  }

  /** See {@link TrainerBuilder#lagScaledBeta}. */
  double scaled(double beta) {
    double lag =
        mean()
            .orElseThrow(
                () ->
                    new InvalidSettingException(
                        "reference",
                        "the mean lag of the reference "
                            + rule
                            + " is not known before the run, so beta cannot be scaled by it: give"
                            + " beta itself"));
    InvalidSettingException.require(
        lag > 0,
        "reference",
        "the reference " + rule + " is the policy in every step, so beta has no influence at all");
    return beta * fixed() / lag;
  }

  /** What people should know of β with this reference. */
  Optional<String> warning(AlignmentLoss loss) {
    @Nullable Double beta = betaOf(loss);
    double lag = mean().orElse(Double.POSITIVE_INFINITY);
    if (beta == null || lag >= fixed() || beta * lag >= LEAST) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "beta has hardly any influence: the reference %s is on average only %s steps behind the"
                + " policy, and beta times this mean lag is %s, below 0.1. A smaller beta would give"
                + " nearly the same run.%s docs/references.md explains it",
            rule,
            Numbers.rounded(lag, 3),
            Numbers.rounded(beta * lag, 3),
            lag == 0
                ? ""
                : String.format(
                    Locale.ROOT,
                    " If beta = %s was chosen for a fixed reference, beta = %s has the same effect"
                        + " here.",
                    Numbers.rounded(beta, 3),
                    Numbers.rounded(scaled(beta), 3))));
  }

  /**
   * β of a loss that is, up to a factor, a function of β times log-ratios, and whose slope at 0
   * changes by no more than their size: else β·L alone says nothing. On means over tokens the
   * log-ratios are smaller, so that β has still less influence.
   */
  private static @Nullable Double betaOf(AlignmentLoss loss) {
    if (loss instanceof DpoLoss dpo) {
      return dpo.beta();
    } else if (loss instanceof IpoLoss ipo) {
      return ipo.beta();
    } else if (loss instanceof IpoMeanLoss ipo) {
      return ipo.beta();
    } else if (loss instanceof KtoLoss kto) {
      return kto.beta();
    }
    return loss instanceof KtoPairLoss kto ? kto.beta() : null;
  }
}
