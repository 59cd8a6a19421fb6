package io.github.tralign.loss;

import io.github.tralign.data.Example;

/**
 * A loss that is the mean over labelled completions of a term in one completion and in a baseline
 * of the whole batch. Completions are weighted by {@link
 * io.github.tralign.data.row.Judgement#weight}.
 *
 * <p>A custom loss implements {@link #at} and {@link #rewardScale()}, and {@link #baseline} if that
 * is not 0; everything else has a default. If the baseline depends on the batch's examples, {@link
 * #separable} must return false.
 */
public interface UnpairedLoss extends AlignmentLoss {

  /**
   * The term of one completion.
   *
   * @param baseline of the batch, a constant in the derivative
   */
  CompletionTerm at(ScoredCompletion completion, boolean desirable, double baseline);

  /** The β in the reported reward {@code β · (log π − log π_ref)}. */
  double rewardScale();

  /** The baseline with which the batch's log-ratios are compared. */
  default double baseline(ScoredBatch batch) {
    return 0;
  }

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
    double baseline = baseline(batch);
    double value = 0;
    double[][] gradient = new double[batch.size()][];
    for (int i = 0; i < batch.size(); i++) {
      ScoredExample example = batch.get(i);
      double share = example.judgement().weight() / batch.batchExamples();
      CompletionTerm term = at(example.first(), example.judgement().isDesirable(), baseline);
      value += share * term.value();
      gradient[i] = new double[] {share * term.slope()};
    }
    return new LossResult(value, gradient);
  }
}
