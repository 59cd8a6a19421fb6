package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.sigmoid;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;
import java.util.List;
import java.util.Locale;

/**
 * Kahneman-Tversky optimization on completions labelled desirable or undesirable, one per prompt:
 * with {@code a = log π(y|x) − log π_ref(y|x)},
 *
 * <pre>
 * desirable:   L = w_D (1 − σ(β(a − z))),   ∂L/∂a = −w_D β σ(β(a − z)) σ(−β(a − z))
 * undesirable: L = w_U (1 − σ(β(z − a))),   ∂L/∂a =  w_U β σ(β(a − z)) σ(−β(a − z))
 * z = max(0, mean of a over mismatched completions), a constant in the derivative
 * </pre>
 *
 * <p>Ethayarajh et al., "KTO: Model Alignment as Prospect Theoretic Optimization" (arXiv
 * 2402.01306), section 4, whose λ are the weights. z estimates the KL divergence of the policy from
 * its reference. The mean is taken over the whole optimizer batch before it is clamped, since
 * clamping the means of slices would bias z upwards. If all prompts of a batch are the same, as in
 * a batch of one, there are no mismatched completions, and z is 0. It is reported as {@code kl}.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param desirableWeight w_D, &gt; 0
 * @param undesirableWeight w_U, &gt; 0; equation 8 of the paper recommends {@code w_D n_D / (w_U
 *     n_U)} in [1, 4/3] for n_D desirable and n_U undesirable completions
 */
public record KtoLoss(double beta, double desirableWeight, double undesirableWeight)
    implements UnpairedLoss {

  private static final double MOST = 4.0 / 3;
  private static final double TINY = 1e-9; // rounding of sums of weights

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public KtoLoss {
    Ranges.positive("beta", beta);
    Ranges.positive("desirable weight", desirableWeight);
    Ranges.positive("undesirable weight", undesirableWeight);
  }

  /** The same loss with other weights of desirable and undesirable completions. */
  public KtoLoss weights(double desirable, double undesirable) {
    return new KtoLoss(beta, desirable, undesirable);
  }

  @Override
  public String name() {
    return "kto";
  }

  @Override
  public boolean usesMismatched() {
    return true;
  }

  /** Warns if {@code w_D n_D / (w_U n_U)} is not in [1, 4/3]; rows count by their weights. */
  @Override
  public List<String> warnings(List<Example> data) {
    double good = desirableWeight * weightOf(data, true);
    double bad = undesirableWeight * weightOf(data, false);
    if (good == 0 || bad == 0) {
      return ImmutableList.of(
          "kto: no completion is " + (good == 0 ? "desirable" : "undesirable") + " in this data");
    }
    double ratio = good / bad;
    return ratio > 1 - TINY && ratio < MOST + TINY
        ? ImmutableList.of()
        : ImmutableList.of(
            String.format(
                Locale.ROOT,
                "kto: desirable completions count %.3g times as much as undesirable ones, but 1 to"
                    + " 4/3 times is recommended: take a desirable weight of %.3g to %.3g, or an"
                    + " undesirable weight of %.3g to %.3g",
                ratio,
                desirableWeight / ratio,
                desirableWeight * MOST / ratio,
                undesirableWeight * ratio / MOST,
                undesirableWeight * ratio));
  }

  private static double weightOf(List<Example> data, boolean desirable) {
    return data.stream()
        .map(Example::judgement)
        .filter(judgement -> judgement.isDesirable() == desirable)
        .mapToDouble(Judgement::weight)
        .sum();
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double baseline(ScoredBatch batch) {
    double mean =
        batch.mismatched().stream().mapToDouble(ScoredCompletion::logRatio).average().orElse(0);
    return Math.max(0, mean);
  }

  @Override
  public CompletionTerm at(ScoredCompletion completion, boolean desirable, double z) {
    double sign = desirable ? 1 : -1;
    double weight = desirable ? desirableWeight : undesirableWeight;
    double x = sign * beta * (completion.logRatio() - z);
    return new CompletionTerm(
        weight * sigmoid(-x), -sign * weight * beta * sigmoid(x) * sigmoid(-x));
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    double share = (double) batch.size() / batch.batchExamples();
    return UnpairedLoss.super
        .evaluate(batch)
        .withMetrics(ImmutableMap.of("kl", share * baseline(batch)));
  }
}
