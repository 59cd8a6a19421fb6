package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Doubles;
import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.distributed.RankThreads;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.testkit.RelativeError;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingResult;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several processes, here threads, train a checkpoint as one process does. */
class DataParallelTrajectoryTest {

  private record Run(List<Double> losses, List<Double> norms, String weights) {}

  @ParameterizedTest
  @CsvSource({
    "neox,dpo,soft,4096",
    "neox,tdpo2,hard,60",
    "llama,kto,soft,60",
    "llama,dpo,hard,4096",
    "adapter,kto,hard,4096",
    "adapter,tdpo2,soft,60"
  })
  void several_processes_train_as_one_does(
      String checkpoint, String loss, String rule, int microBatchTokens) {
    Run alone = train(checkpoint(checkpoint), loss, rule, microBatchTokens);
    List<Run> ranks =
        RankThreads.run(
            2,
            group ->
                train(
                    checkpoint(checkpoint).processGroup(new SummedArrays(group)),
                    loss,
                    rule,
                    microBatchTokens));
    assertThat(ranks.get(1)).isEqualTo(ranks.get(0));
    assertThat(error(ranks.get(0).losses(), alone.losses())).isLessThan(1e-5);
    assertThat(error(ranks.get(0).norms(), alone.norms())).isLessThan(1e-5);
  }

  private static double error(List<Double> actual, List<Double> expected) {
    return RelativeError.of(Doubles.toArray(actual), Doubles.toArray(expected));
  }

  private static DjlPolicyBuilder checkpoint(String name) {
    return name.equals("adapter")
        ? Golden.policy("llama").threads(1).adapter(Golden.path("adapters/plain"))
        : Golden.policy(name).threads(1);
  }

  private static Run train(
      DjlPolicyBuilder settings, String loss, String rule, int microBatchTokens) {
    try (DjlPolicy policy = settings.load()) {
      TrainingResult result =
          Trainer.builder()
              .policy(policy)
              .data(data(loss))
              .loss(loss(loss))
              .reference(rule(rule))
              .learningRate(1e-3)
              .batchSize(3)
              .maxSteps(3)
              .microBatchTokens(microBatchTokens)
              .compareWeightsEvery(1)
              .build()
              .train();
      return new Run(
          result.metrics().stream().map(StepMetrics::loss).toList(),
          result.metrics().stream().map(StepMetrics::gradNorm).toList(),
          hash(policy));
    }
  }

  private static PreferenceData data(String loss) {
    PreferenceData pairs = Golden.rows("rows.jsonl", Integer.MAX_VALUE);
    return loss.equals("kto") ? pairs.unpaired() : pairs;
  }

  private static AlignmentLoss loss(String name) {
    return switch (name) {
      case "dpo" -> TR.dpo(0.1);
      case "kto" -> TR.kto(0.1);
      default -> TR.tdpo2(0.1);
    };
  }

  private static ReferencePolicy rule(String name) {
    return name.equals("soft") ? TR.soft(0.6) : TR.hard(2);
  }

  private static String hash(DjlPolicy policy) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (String parameter : policy.parameters()) {
      Arrays.stream(policy.values(parameter)).forEach(hasher::putDouble);
    }
    return hasher.hash().toString();
  }
}
