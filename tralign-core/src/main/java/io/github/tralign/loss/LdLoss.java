package io.github.tralign.loss;

import io.github.tralign.data.Example;
import java.util.List;

/**
 * A loss on pairs that reduces the influence of length: each log-probability is {@code Σ_{t≤m} log
 * π(y_t) + α Σ_{t>m} log π(y_t)} with {@code m = min(|y_w|, |y_l|)}, for policy and reference.
 *
 * <p>Liu et al., "Length Desensitization in Direct Preference Optimization" (arXiv 2409.06411). TRL
 * up to 0.28 and LLaMA-Factory weight only the policy's tokens, so even a policy that equals its
 * reference has a non-zero margin.
 *
 * @param loss a loss on pairs that does not depend on lengths
 * @param alpha α, in [0, 1]: the weight of tokens past the length of the shorter completion; 1
 *     changes nothing
 */
public record LdLoss(AlignmentLoss loss, double alpha) implements AlignmentLoss {

  /**
   * Checks that tokens can be weighted in this loss.
   *
   * @throws IllegalArgumentException with the reason if they cannot, or α is outside its range
   */
  public LdLoss {
    Ranges.closed("ld alpha", alpha, 1);
    require(Modifiers.takes(loss, Modifiers.PAIR), loss, "it does not use pairs");
    require(loss.tokenWeights() == TokenWeights.ONE, loss, "it already weights tokens");
    require(!loss.usesCollision(), loss, "in the weights of WPO every token counts 1");
    require(!loss.usesLengths(), loss, "it depends on lengths, in which every token counts 1");
    require(!loss.usesDivergence(), loss, "in its divergences every token counts 1");
  }

  @Override
  public String name() {
    return loss.name() + "[ld]";
  }

  @Override
  public boolean usesReference() {
    return loss.usesReference();
  }

  @Override
  public boolean usesMismatched() {
    return loss.usesMismatched();
  }

  @Override
  public boolean separable() {
    return loss.separable();
  }

  @Override
  public TokenWeights tokenWeights() {
    return new Tail(alpha);
  }

  @Override
  public void check(Example example) {
    Ranges.requirePair(this, example);
    loss.check(example);
  }

  @Override
  public List<String> warnings(List<Example> data) {
    return loss.warnings(data);
  }

  @Override
  public double reward(ScoredCompletion completion) {
    return loss.reward(completion);
  }

  @Override
  public boolean hasReward() {
    return loss.hasReward();
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    return loss.evaluate(batch);
  }

  /** Weight 1 up to the length of the shorter completion, then α. */
  private record Tail(double alpha) implements TokenWeights {
    @Override
    public double of(Example example, int completion, int token) {
      int shared = Math.min(example.chosen().length(), example.rejected().length());
      return token < shared ? 1 : alpha;
    }
  }

  private static void require(boolean holds, AlignmentLoss loss, String otherwise) {
    Modifiers.require(holds, loss, "made length-desensitized", otherwise);
  }
}
