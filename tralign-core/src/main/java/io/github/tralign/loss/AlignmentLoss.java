package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.Example;
import java.util.List;

/**
 * A loss on the log-probabilities of completions.
 *
 * <p>Implementations are immutable and pure. Write {@link PairwiseLoss} instead for a mean over
 * preference pairs, {@link UnpairedLoss} for one over labelled completions.
 */
public interface AlignmentLoss {

  /** The name that people use, such as {@code dpo}. */
  String name();

  /** Whether the loss compares with a reference; if not, none is kept or scored. */
  boolean usesReference();

  /**
   * Whether the loss of a batch is the sum of what it is on the batch's slices, so that each slice
   * can be evaluated and given back on its own. If not, such as for an estimate over the batch, all
   * slices are scored first and the loss is evaluated once on the whole batch, which costs one more
   * forward pass where a batch has several slices. The result is the same for any slicing.
   */
  default boolean separable() {
    return false;
  }

  /**
   * Whether each prompt is also to be scored with the completion of another row of the batch, as
   * {@link ScoredBatch#mismatched}. These carry no gradient.
   */
  default boolean usesMismatched() {
    return false;
  }

  /**
   * Whether the loss reads {@link ScoredCompletion#divergence}. The reference's whole distributions
   * are needed for that, so a second copy of the weights is kept whatever the reference's rule.
   */
  default boolean usesDivergence() {
    return false;
  }

  /** Whether the loss reads {@link ScoredCompletion#collision}. */
  default boolean usesCollision() {
    return false;
  }

  /**
   * Whether the loss depends on numbers of tokens, such as one on means per token. Where tokens do
   * not all count alike, it cannot be used.
   */
  default boolean usesLengths() {
    return false;
  }

  /** How much each token counts in a completion's log-probability. */
  default TokenWeights tokenWeights() {
    return TokenWeights.ONE;
  }

  /**
   * Tells whether an example has the completions and the judgement that this loss needs.
   *
   * @throws IllegalArgumentException with the reason if it does not
   */
  default void check(Example example) {}

  /**
   * What people should know of this loss on these examples before they train, a sentence each; it
   * training is possible all the same.
   */
  default List<String> warnings(List<Example> data) {
    return List.of();
  }

  /** The implicit reward of a completion, for reports: what the loss compares. */
  default double reward(ScoredCompletion completion) {
    return usesReference() ? completion.logRatio() : completion.logp();
  }

  /** This loss times a weight &gt; 0: the beginning of a weighted {@link SumLoss sum}. */
  default SumLoss times(double weight) {
    return SumLoss.of(weight, this);
  }

  /** The sum of this loss and another; see {@link SumLoss}. */
  default SumLoss plus(AlignmentLoss other) {
    requireNonNull(other, "other");
    return plus(1, other);
  }

  /**
   * The sum of this loss and a weight &gt; 0 times another; see {@link SumLoss}.
   *
   * @throws IllegalArgumentException with the reason if the two cannot be added
   */
  default SumLoss plus(double weight, AlignmentLoss other) {
    requireNonNull(other, "other");
    return times(1).plus(weight, other);
  }

  /**
   * This loss with the tokens that one completion is longer than the other counted α times; see
   * {@link LdLoss}.
   *
   * @throws IllegalArgumentException with the reason if tokens cannot be weighted
   */
  default LdLoss lengthDesensitized(double alpha) {
    return new LdLoss(this, alpha);
  }

  /**
   * Value and gradient. For a slice of the optimizer batch ({@link #separable} losses only) the
   * value is the slice's share, so that the shares add up to the batch's loss.
   */
  LossResult evaluate(ScoredBatch batch);
}
