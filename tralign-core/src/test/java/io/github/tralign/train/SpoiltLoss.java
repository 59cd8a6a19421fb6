package io.github.tralign.train;

import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;

/** DPO until a number of examples is seen, then with value and gradient multiplied. */
final class SpoiltLoss implements AlignmentLoss {

  private final AlignmentLoss sound = TR.dpo(0.3);
  private final boolean separable;
  private final double valueFactor;
  private final double gradientFactor;
  private int examplesLeft;

  SpoiltLoss(int soundExamples, boolean separable, double valueFactor, double gradientFactor) {
    this.examplesLeft = soundExamples;
    this.separable = separable;
    this.valueFactor = valueFactor;
    this.gradientFactor = gradientFactor;
  }

  @Override
  public String name() {
    return "spoilt";
  }

  @Override
  public boolean usesReference() {
    return true;
  }

  @Override
  public boolean separable() {
    return separable;
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    LossResult result = sound.evaluate(batch);
    examplesLeft -= batch.size();
    if (examplesLeft >= 0) {
      return result;
    }
    for (double[] row : result.gradient()) {
      for (int k = 0; k < row.length; k++) {
        row[k] *= gradientFactor;
      }
    }
    return new LossResult(result.value() * valueFactor, result.gradient());
  }
}
