package io.github.tralign.djl;

import io.github.tralign.Footprint;
import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingListener;

/**
 * A training run that prints what it holds after each step: arrays alive and KiB resident. Started
 * in a process of its own by {@link MemoryTest}.
 */
final class MemoryRun {

  private MemoryRun() {}

  public static void main(String[] args) {
    ReferencePolicy rule = args[0].equals("soft") ? TR.soft(0.6) : TR.hard(8);
    try (DjlPolicy policy = Golden.policy("llama").threads(1).load()) {
      Trainer.builder()
          .policy(policy)
          .data(Golden.rows())
          .loss(TR.dpo(0.1))
          .reference(rule)
          .learningRate(1e-4)
          .batchSize(4)
          .microBatchTokens(100)
          .maxSteps(Integer.parseInt(args[1]))
          .listener(
              new TrainingListener() {
                @Override
                public void onStep(StepMetrics metrics) {
                  System.out.println(policy.liveArrays() + " " + Footprint.residentKib());
                }
              })
          .build()
          .train();
    }
  }
}
