package io.github.tralign.djl;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.tralign.TR;
import io.github.tralign.djl.distributed.GlooProcessGroup;
import io.github.tralign.djl.distributed.JoinSettings;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.Trainer;
import java.util.List;

/**
 * One process of a run: trains, shows its weights to the others, and then calls them again and
 * again. Started by {@link TwoProcessesTest}.
 */
final class RankRun {

  /** The loss of each step, and the SHA-256 of the weights. */
  record Result(List<Double> losses, String weights) {}

  private RankRun() {}

  static Result train(DjlPolicyBuilder builder) {
    try (DjlPolicy policy = builder.threads(1).load()) {
      List<Double> losses =
          Trainer.builder()
              .policy(policy)
              .data(Golden.rows())
              .loss(TR.aot(0.1))
              .reference(TR.soft(0.6))
              .learningRate(1e-3)
              .batchSize(4)
              .maxSteps(6)
              .build()
              .train()
              .metrics()
              .stream()
              .map(StepMetrics::loss)
              .toList();
      Hasher weights = Hashing.sha256().newHasher();
      for (String parameter : policy.parameters()) {
        for (double value : policy.values(parameter)) {
          weights.putDouble(value);
        }
      }
      return new Result(losses, weights.hash().toString());
    }
  }

  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int rank = Integer.parseInt(args[1]);
    try (GlooProcessGroup group =
        GlooProcessGroup.join(JoinSettings.of("127.0.0.1", port, rank, 2))) {
      group.gatherTexts(train(Golden.policy("neox").processGroup(group)).weights());
      while (!group.any(false)) {} // until this process is killed
    }
  }
}
