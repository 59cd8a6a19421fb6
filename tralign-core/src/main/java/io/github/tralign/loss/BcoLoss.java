package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Binary classifier optimization on completions labelled desirable or undesirable: a classifier
 * whose logit is β times the log-ratio {@code a = log π(y|x) − log π_ref(y|x)},
 *
 * <pre>
 * desirable:   L = −log σ(βa − δ),      ∂L/∂a = −β σ(−(βa − δ))
 * undesirable: L = −log σ(−(βa − δ)),   ∂L/∂a =  β σ(βa − δ)
 * </pre>
 *
 * <p>Jung et al., "Binary Classifier Optimization for Large Language Model Alignment" (arXiv
 * 2404.04656). The shift δ is the mean of βa over all completions since the start of the run,
 * including this batch. It is treated as a constant in the derivative and reported as {@code
 * delta}. TRL up to 1.13 does the same. The paper's weights from a classifier of prompts are not
 * part of the loss: set them as the weights of the examples.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 */
public record BcoLoss(double beta) implements UnpairedLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public BcoLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "bco";
  }

  @Override
  public boolean separable() {
    return false;
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double baseline(ScoredBatch batch) {
    return delta(batch).mean();
  }

  @Override
  public CompletionTerm at(ScoredCompletion completion, boolean desirable, double delta) {
    double sign = desirable ? 1 : -1;
    double x = sign * (beta * completion.logRatio() - delta);
    return new CompletionTerm(-logSigmoid(x), -sign * beta * sigmoid(-x));
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    RunningMean delta = delta(batch);
    return UnpairedLoss.super
        .evaluate(batch)
        .withMetrics(delta.metrics())
        .withMemory(delta.memory());
  }

  private RunningMean delta(ScoredBatch batch) {
    double[] rewards =
        batch.examples().stream().mapToDouble(example -> reward(example.first())).toArray();
    return RunningMean.in(batch.memory()).with(rewards);
  }
}
