package io.github.tralign.loss;

import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;

/**
 * Supervised fine-tuning on the first completion of each example: {@code L = −Σ w log π(y|x) / Σ
 * |y|}, the mean over all tokens of the batch's first completions; prompts are not learned.
 *
 * <p>It compares with no reference. On pairs it imitates the chosen completion and lets the
 * rejected one be, as a term beside a preference loss does; alone it is best given examples with
 * one completion, since a second one is computed for nothing.
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
