package io.github.tralign.loss;

import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;

/**
 * Supervised fine-tuning on the first completion of each example: {@code L = −Σ w log π(y|x) / Σ
 * |y|}, the mean over all tokens of the batch's first completions; prompt tokens do not count.
 *
 * <p>It uses no reference. On pairs it trains on the chosen completion and ignores the rejected
 * one, so it can be added to a preference loss. Used alone, give it examples with one completion,
 * since computing a second one would be wasted.
 */
public record SftLoss() implements AlignmentLoss {

  @Override
  public String name() {
    return "sft";
  }

  @Override
  public boolean usesReference() {
    return false;
  }

  @Override
  public boolean hasReward() {
    return false;
  }

  @Override
  public boolean separable() {
    return true;
  }

  @Override
  public boolean usesLengths() {
    return true;
  }

  @Override
  public void check(Example example) {
    if (example.judgement().label() == Judgement.Label.UNDESIRABLE) {
      throw new IllegalArgumentException(
          "the loss sft imitates completions, but "
              + example.origin()
              + " is labelled undesirable");
    }
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    double value = 0;
    double[][] gradient = new double[batch.size()][];
    for (int i = 0; i < batch.size(); i++) {
      ScoredExample example = batch.get(i);
      double share = example.judgement().weight() / batch.firstTokens();
      value -= share * example.first().logp();
      gradient[i] = new double[example.completions().size()];
      gradient[i][0] = -share;
    }
    return new LossResult(value, gradient);
  }
}
