package io.github.tralign.examples;

import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingResult;
import java.nio.file.Path;

/** Updates the reference by a custom rule. */
public final class OwnReferenceRule {

  /**
   * Copies the policy to the reference when at least {@code share} of a step's pairs have a
   * positive margin. Without the copy, the loss's gradient would become smaller and smaller.
   */
  record WhenWon(double share) implements ReferencePolicy {

    @Override
    public double weightAfter(StepMetrics metrics) {
      return metrics.get("rewards/accuracies") >= share ? 1 : 0;
    }
  }

  private OwnReferenceRule() {}

  /** Arguments: a checkpoint folder and a file of pairs. */
  public static void main(String[] args) {
    Examples.require(args, "own-reference-rule");
    Path checkpoint = Path.of(args[0]);
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(checkpoint);
        DjlPolicy policy = DjlPolicy.load(checkpoint)) {
      PreferenceData pairs = PreferenceData.read(tokenizer).file(Path.of(args[1]));
      for (StepMetrics step : train(policy, pairs, new WhenWon(0.9)).metrics()) {
        if (step.get("reference/weight") == 1) {
          System.out.println("copied after step " + step.step());
        }
      }
    }
  }

  static TrainingResult train(Policy policy, PreferenceData pairs, ReferencePolicy rule) {
    var trainer = Trainer.builder().policy(policy).data(pairs).learningRate(1e-4);
    return trainer.loss(TR.dpo(0.1)).reference(rule).build().train();
  }
}
