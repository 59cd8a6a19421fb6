package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.distributed.ProcessGroupException;
import io.github.tralign.djl.distributed.GlooProcessGroup;
import io.github.tralign.djl.distributed.JoinSettings;
import io.github.tralign.djl.distributed.MeetingPoint;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** This process and another one, see {@link RankRun}. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "x86_64"})
class TwoProcessesTest {

  @Test
  void two_processes_train_as_one_and_one_that_is_killed_ends_the_other() throws Exception {
    RankRun.Result alone = RankRun.train(Golden.policy("neox"));
    Process other = null;
    try (MeetingPoint point = MeetingPoint.serve(0)) {
      other = start(point.port());
      JoinSettings settings = JoinSettings.of("127.0.0.1", point.port(), 0, 2);
      try (GlooProcessGroup group = GlooProcessGroup.join(settings)) {
        RankRun.Result both = RankRun.train(Golden.policy("neox").processGroup(group));

        assertThat(both.losses()).hasSize(6).hasSameSizeAs(alone.losses());
        for (int step = 0; step < 6; step++) {
          double loss = alone.losses().get(step);
          assertThat(both.losses().get(step)).isCloseTo(loss, within(1e-5 * Math.abs(loss)));
        }
        assertThat(group.gatherTexts(both.weights())).containsOnly(both.weights());

        assertThat(group.any(false)).isFalse();
        other.destroyForcibly();
        assertThatThrownBy(
                () -> {
                  while (!group.any(false)) {} // what has arrived already is still answered
                })
            .isInstanceOf(ProcessGroupException.class)
            .hasMessage("rank 1 at 127.0.0.1 has ended or left the group; rank 0 cannot continue");
      }
    } finally {
      if (other != null) {
        other.destroyForcibly().waitFor();
      }
    }
  }

  private static Process start(int port) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RankRun.class.getName(),
            Integer.toString(port),
            "1")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
