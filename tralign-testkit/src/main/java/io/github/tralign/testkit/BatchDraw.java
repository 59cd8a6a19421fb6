package io.github.tralign.testkit;

import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws random batches in the form that a loss requires; values that the loss does not use are NaN.
 */
final class BatchDraw {

  private static final Example ONE = Example.demonstration(new int[1], new int[1]);
  private static final Example PAIR = Example.pair(new int[1], new int[1], new int[1]);
  private static final int MOST_ROWS = 6;
  private static final int MOST_TOKENS = 50;

  private final AlignmentLoss loss;
  private final SplittableRandom random;
  private final boolean pairs;
  private final boolean labels;
  private final boolean weights;

  BatchDraw(AlignmentLoss loss, long seed) {
    this.loss = loss;
    random = new SplittableRandom(seed);
    Judgement ofPair = Judgement.NONE.margin(1).winProbability(0.75);
    pairs = takes(PAIR.with(ofPair));
    labels = !pairs && takes(ONE.with(Judgement.labelled(true)));
    if (!pairs && !labels && !takes(ONE)) {
      throw LossCheck.failure(
          loss, "check(Example) accepts no pair, no labelled completion and no demonstration");
    }
    Judgement judgement = pairs ? ofPair : labels ? Judgement.labelled(true) : Judgement.NONE;
    weights = takes((pairs ? PAIR : ONE).with(judgement.weight(2)));
  }

  private boolean takes(Example example) {
    try {
      loss.check(example);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether rows may have weights. */
  boolean takesWeights() {
    return weights;
  }

  /** A batch with log-probabilities from {@code -limit} to -0.1. */
  ScoredBatch next(double limit) {
    int rows = 1 + random.nextInt(MOST_ROWS);
    List<ScoredExample> examples = new ArrayList<>();
    List<ScoredCompletion> mismatched = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      List<ScoredCompletion> completions = new ArrayList<>(List.of(completion(limit)));
      if (pairs) {
        completions.add(completion(limit));
      }
      examples.add(new ScoredExample(completions, judgement()));
      mismatched.add(completion(limit));
    }
    ScoredBatch batch = ScoredBatch.of(examples);
    return loss.usesMismatched() ? batch.withMismatched(mismatched) : batch;
  }

  private Judgement judgement() {
    double weight = weights ? between(0, 2) : 1;
    if (labels) {
      return Judgement.labelled(random.nextBoolean()).weight(weight);
    }
    return pairs
        ? Judgement.NONE.weight(weight).margin(between(0.1, 5)).winProbability(between(0, 1))
        : Judgement.NONE.weight(weight);
  }

  private ScoredCompletion completion(double limit) {
    int tokens = 1 + random.nextInt(MOST_TOKENS);
    double reference = between(-limit, -0.1);
    double divergence = between(0, limit / 10);
    double collision = tokens * between(-3, 0);
    return new ScoredCompletion(
        between(-limit, -0.1),
        loss.usesReference() ? reference : Double.NaN,
        tokens,
        loss.usesDivergence() ? divergence : Double.NaN,
        loss.usesCollision() ? collision : Double.NaN);
  }

  private double between(double min, double max) {
    return min + (max - min) * random.nextDouble();
  }
}
