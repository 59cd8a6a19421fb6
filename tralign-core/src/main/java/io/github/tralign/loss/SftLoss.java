package io.github.tralign.loss;

import io.github.tralign.data.Example;

/**
 * Supervised fine-tuning on the first completion of each example: {@code L = −Σ log π(y|x) / Σ
 * |y|}, the mean over all completion tokens of the batch; prompts are not learned.
 *
 * <p>It compares with no reference. Give it examples with one completion: others are computed for
 * nothing, and refused.
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
  public void check(Example example) {
    if (example.completions().size() != 1) {
      throw new IllegalArgumentException(
          "the loss sft needs one completion a prompt, but "
              + example.origin()
              + " has "
              + example.completions().size());
    }
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    double value = 0;
    double[][] gradient = new double[batch.size()][];
    double[][] rewards = new double[batch.size()][];
    for (int i = 0; i < batch.size(); i++) {
      ScoredCompletion completion = batch.get(i, 0);
      value -= completion.logp() / batch.batchTokens();
      gradient[i] = new double[] {-1.0 / batch.batchTokens()};
      rewards[i] = new double[] {completion.logp()};
    }
    return new LossResult(value, gradient, rewards);
  }
}
