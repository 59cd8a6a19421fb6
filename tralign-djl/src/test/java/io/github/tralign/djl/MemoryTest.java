package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.TR;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryTest {

  private static final int STEPS = 300;
  private static final int WARM = 100; // by then every kernel and table has been used
  private static final long SLACK_KIB = 12 << 10; // what Java's compiler still takes

  @Test
  void training_with_a_soft_reference_does_not_grow() throws IOException, InterruptedException {
    assertDoesNotGrow("soft");
  }

  @Test
  @Tag("nightly")
  void training_with_a_hard_reference_does_not_grow() throws IOException, InterruptedException {
    assertDoesNotGrow("hard");
  }

  /** The heap is touched before the run begins, so that growth is that of native memory. */
  private static void assertDoesNotGrow(String rule) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryRun.class.getName(),
                rule,
                Integer.toString(STEPS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    List<long[]> held = output.lines().map(MemoryTest::numbers).toList();
    assertThat(held).hasSize(STEPS);
    assertThat(held.subList(1, STEPS)).allMatch(step -> step[0] == held.get(1)[0]);
    assertThat(held.get(STEPS - 1)[1]).isLessThan(held.get(WARM)[1] + SLACK_KIB);
  }

  static List<ReferencePolicy> rules() {
    return List.of(TR.fixed(), TR.soft(0.6), TR.hard(2));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void only_a_soft_update_keeps_a_second_copy(ReferencePolicy rule) {
    try (DjlPolicy policy = Golden.policy("llama").threads(1).load()) {
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

  private static long[] numbers(String line) {
    String[] parts = line.split(" ");
    return new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1])};
  }
}
