package io.github.tralign.djl;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Trainer;
import java.util.List;

/** Trains a golden checkpoint as the setup of a golden file says. */
final class GoldenRun {

  private GoldenRun() {}

  static List<StepMetrics> train(
      String checkpoint, AlignmentLoss loss, ReferencePolicy rule, JsonNode setup) {
    return train(checkpoint, loss, rule, setup, 4096);
  }

  static List<StepMetrics> train(
      String checkpoint,
      AlignmentLoss loss,
      ReferencePolicy rule,
      JsonNode setup,
      int microBatchTokens) {
    return train(Golden.policy(checkpoint), loss, rule, setup, microBatchTokens);
  }

  static List<StepMetrics> train(
      DjlPolicyBuilder settings,
      AlignmentLoss loss,
      ReferencePolicy rule,
      JsonNode setup,
      int microBatchTokens) {
    try (DjlPolicy policy = settings.load()) {
      return Trainer.builder()
          .policy(policy)
          .data(
              Golden.rows(
                  setup.path("rows").asText(), setup.path("max_length").asInt(Integer.MAX_VALUE)))
          .loss(loss)
          .reference(rule)
          .learningRate(setup.path("learning_rate").asDouble())
          .maxGradNorm(setup.path("max_grad_norm").asDouble())
          .batchSize(setup.path("batch_size").asInt())
          .maxSteps(setup.path("steps").asInt())
          .microBatchTokens(microBatchTokens)
          .shuffle(false)
          .build()
          .train()
          .metrics();
    }
  }

  /** Three steps of TR-DPO with a soft reference. */
  static void trainShortly(DjlPolicy policy) {
    Trainer.builder()
        .policy(policy)
        .data(Golden.rows("rows.jsonl", Integer.MAX_VALUE))
        .loss(TR.dpo(0.1))
        .reference(TR.soft(0.6))
        .learningRate(1e-2)
        .batchSize(4)
        .maxSteps(3)
        .build()
        .train();
  }
}
