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

  /** The usual name, such as {@code dpo}. Default: the name of the class. */
  default String name() {
    return getClass().getName().replaceAll("^.*[.$](?=\\p{Alpha})", "");
  }

  /** Whether the loss uses a reference; if not, no reference is kept or scored. */
  boolean usesReference();

  /**
   * Whether the loss of a batch is the sum of the losses of its slices, so that each slice can be
   * evaluated and backpropagated separately. If not, for example because it uses a batch statistic,
   * all slices are scored first and the loss is evaluated once on the whole batch, which costs an
   * additional forward pass if a batch has several slices. The result does not depend on the
   * slicing.
   */
  default boolean separable() {
    return false;
  }

  /**
   * Whether each prompt must also be scored with the completion of another row of the batch, see
   * {@link ScoredBatch#mismatched}. These scores have no gradient.
   */
  default boolean usesMismatched() {
    return false;
  }

  /**
   * Whether the loss reads {@link ScoredCompletion#divergence}. This requires the reference's full
   * next-token distributions, so a second copy of the weights is kept for every reference rule.
   */
  default boolean usesDivergence() {
    return false;
  }

  /** Whether the loss reads {@link ScoredCompletion#collision}. */
  default boolean usesCollision() {
    return false;
  }

  /**
   * Whether the loss depends on the lengths of completions, for example by means per token. Such a
   * loss cannot be combined with weights of tokens.
   */
  default boolean usesLengths() {
    return false;
  }

  /** The weight of each token in a completion's log-probability. */
  default TokenWeights tokenWeights() {
    return TokenWeights.ONE;
  }

  /**
   * Checks that an example has the completions and the judgement that this loss requires.
   *
   * @throws IllegalArgumentException with the reason if it does not
   */
  default void check(Example example) {}

  /**
   * Warnings about using this loss on these examples, one sentence each; training is possible
   * nevertheless.
   */
  default List<String> warnings(List<Example> data) {
    return List.of();
  }

  /** The implicit reward of a completion, for metrics. */
  default double reward(ScoredCompletion completion) {
    return usesReference() ? completion.logRatio() : completion.logp();
  }

  /**
   * Whether {@link #reward} is a reward: false for a loss that only imitates. Then there are no
   * rewards, margins and accuracies among the metrics.
   */
  default boolean hasReward() {
    return true;
  }

  /** This loss times a weight &gt; 0, as a {@link SumLoss} with one term. */
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
   * This loss with the tokens past the length of the shorter completion weighted by α; see {@link
   * LdLoss}.
   *
   * @throws IllegalArgumentException with the reason if tokens cannot be weighted
   */
  default LdLoss lengthDesensitized(double alpha) {
    return new LdLoss(this, alpha);
  }

  /**
   * Value and gradient. For a slice of the optimizer batch ({@link #separable} losses only) this is
   * the slice's contribution; the contributions of all slices add up to the batch's loss.
   */
  LossResult evaluate(ScoredBatch batch);
}
