package io.github.tralign.loss;

import io.github.tralign.data.Example;

/**
 * A loss that is the mean over labelled completions of a term in one completion, each weighted as
 * {@link io.github.tralign.data.Judgement#weight its judgement} says.
 */
public interface UnpairedLoss extends AlignmentLoss {

  /** The term of one completion. */
  CompletionTerm at(ScoredCompletion completion, boolean desirable);

  /** The β in the reported reward {@code β · (log π − log π_ref)}. */
  double rewardScale();

  @Override
  default boolean usesReference() {
    return true;
  }

  @Override
  default boolean separable() {
    return true;
  }

  @Override
  default void check(Example example) {
    Ranges.requireLabelled(this, example);
  }

  @Override
  default double reward(ScoredCompletion completion) {
    return rewardScale() * (usesReference() ? completion.logRatio() : completion.logp());
  }

  @Override
  default LossResult evaluate(ScoredBatch batch) {
    double value = 0;
    double[][] gradient = new double[batch.size()][];
    for (int i = 0; i < batch.size(); i++) {
      ScoredExample example = batch.get(i);
      double share = example.judgement().weight() / batch.batchExamples();
      CompletionTerm term = at(example.first(), example.judgement().isDesirable());
      value += share * term.value();
      gradient[i] = new double[] {share * term.slope()};
    }
    return new LossResult(value, gradient);
  }
}
