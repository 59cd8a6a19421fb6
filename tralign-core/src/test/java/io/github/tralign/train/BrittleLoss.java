package io.github.tralign.train;

import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.TokenWeights;

/**
 * A loss that is not finite where a batch has an example whose first completion has {@link #LENGTH}
 * tokens: of {@link Toy#pairs} that is the seventh, and no other of the first eight.
 */
record BrittleLoss(AlignmentLoss sound) implements AlignmentLoss {

  private static final int LENGTH = 5;

  static boolean breaksOn(Example example) {
    return example.completions().get(0).length() == LENGTH;
  }

  @Override
  public String name() {
    return "brittle " + sound.name();
  }

  @Override
  public boolean usesReference() {
    return sound.usesReference();
  }

  @Override
  public boolean separable() {
    return sound.separable();
  }

  @Override
  public boolean usesMismatched() {
    return sound.usesMismatched();
  }

  @Override
  public boolean usesDivergence() {
    return sound.usesDivergence();
  }

  @Override
  public TokenWeights tokenWeights() {
    return sound.tokenWeights();
  }

  @Override
  public double reward(ScoredCompletion completion) {
    return sound.reward(completion);
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    LossResult result = sound.evaluate(batch);
    boolean breaks = batch.examples().stream().anyMatch(it -> it.first().tokens() == LENGTH);
    return breaks
        ? new LossResult(
            Double.NaN,
            result.gradient(),
            result.divergenceGradient(),
            result.metrics(),
            result.memory())
        : result;
  }
}
