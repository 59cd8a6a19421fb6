package io.github.tralign.examples;

import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.loss.PairTerm;
import io.github.tralign.loss.PairwiseLoss;
import io.github.tralign.loss.ScoredPair;
import io.github.tralign.policy.Policy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingResult;
import java.nio.file.Path;

/** Trains with a custom loss. */
public final class OwnLoss {

  /**
   * A hinge loss on the reward margin: {@code L = max(0, 1 − βh)}, with {@code ∂L/∂h = −β} while
   * the margin is below 1, and 0 from there on. A loss that is a mean over pairs needs no more code
   * than this: its value and its derivative.
   */
  record Hinge(double beta) implements PairwiseLoss {

    @Override
    public PairTerm at(ScoredPair pair) {
      double miss = 1 - beta * pair.h();
      return miss > 0 ? PairTerm.ofMargin(miss, -beta) : PairTerm.ofMargin(0, 0);
    }

    @Override
    public double rewardScale() {
      return beta;
    }

    @Override
    public String name() {
      return "hinge";
    }
  }

  private OwnLoss() {}

  /** Arguments: a checkpoint folder and a file of pairs. */
  public static void main(String[] args) {
    Examples.require(args, "own-loss");
    Path checkpoint = Path.of(args[0]);
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(checkpoint);
        DjlPolicy policy = DjlPolicy.load(checkpoint)) {
      PreferenceData pairs = PreferenceData.read(tokenizer).file(Path.of(args[1]));
      System.out.println("loss at the end: " + train(policy, pairs).last().loss());
    }
  }

  static TrainingResult train(Policy policy, PreferenceData pairs) {
    var trainer = Trainer.builder().policy(policy).data(pairs).learningRate(1e-4);
    return trainer.loss(new Hinge(0.1)).reference(TR.hard(16)).build().train();
  }
}
