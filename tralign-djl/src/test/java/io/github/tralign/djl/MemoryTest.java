package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryTest {

  private static final int STEPS = 300;
  private static final int WARM = 100; // by then every kernel and table has been used
  private static final long SLACK_KIB = 32 << 10; // the heap of Java breathes

  static List<ReferencePolicy> rules() {
    return List.of(TR.soft(0.6), TR.hard(8));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void training_does_not_grow(ReferencePolicy rule) {
    List<Integer> arrays = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    try (DjlPolicy policy = DjlPolicy.from(Golden.path("llama")).threads(1).load()) {
      Trainer.builder()
          .policy(policy)
          .data(Golden.rows())
          .loss(TR.dpo(0.1))
          .reference(rule)
          .learningRate(1e-4)
          .batchSize(4)
          .microBatchTokens(100)
          .maxSteps(STEPS)
          .listener(
              new TrainingListener() {
                @Override
                public void onStep(StepMetrics metrics) {
                  arrays.add(policy.liveArrays());
                  resident.add(residentKib());
                }
              })
          .build()
          .train();
    }
    assertThat(arrays.subList(1, STEPS)).containsOnly(arrays.get(1));
    assertThat(resident.get(STEPS - 1)).isLessThan(resident.get(WARM) + SLACK_KIB);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void only_a_soft_update_keeps_a_second_copy(ReferencePolicy rule) {
    try (DjlPolicy policy = DjlPolicy.from(Golden.path("llama")).threads(1).load()) {
      Trainer.builder()
          .policy(policy)
          .data(Golden.rows())
          .loss(TR.dpo(0.1))
          .reference(rule)
          .build()
          .train();
      assertThat(policy.hasReference()).isEqualTo(rule.equals(TR.soft(0.6)));
    }
  }

  /** Resident memory of this process; 0 where the system does not tell. */
  private static long residentKib() {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
