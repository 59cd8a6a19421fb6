package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java's ways to the network, closed. What native libraries do is seen from outside only. */
class NoNetworkTest {

  @TempDir private Path folder;

  /** Without the settings that the launcher makes: who embeds the library has none of them. */
  private Cli.Outcome run(Object... args) throws IOException, InterruptedException {
    Path names = Files.writeString(folder.resolve("names"), ""); // nor does Java ask for a name
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Cli.BRIEF);
    command.add("-Djdk.net.hosts.file=" + names);
    command.add(
        "-Djava.nio.channels.spi.SelectorProvider=" + NoNetworkRun.Channels.class.getName());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(NoNetworkRun.class.getName());
    Stream.of(args).map(Object::toString).forEach(command::add);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile());
    builder.environment().keySet().removeAll(List.of("OPT_OUT_TRACKING", "DJL_OFFLINE"));
    int code = builder.start().waitFor();
    return new Cli.Outcome(
        code,
        Files.readString(folder.resolve("stdout")),
        Files.readString(folder.resolve("stderr")));
  }

  @Test
  void training_does_not_ask_for_the_network() throws Exception {
    Path run = folder.resolve("run");
    Cli.Outcome outcome =
        run(
            "train",
            "--policy",
            Cli.NEOX,
            "--data",
            Cli.ROWS,
            "--eval-data",
            Cli.ROWS,
            "--output",
            run,
            "--cache",
            folder.resolve("cache"),
            "--reference",
            "hard:3",
            "--max-steps",
            8,
            "--checkpoint-every",
            3,
            "--tensorboard",
            "--threads",
            1);
    assertThat(outcome.err()).doesNotContain(NoNetworkRun.TRIED);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(run.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void whoever_does_is_caught() throws Exception {
    Cli.Outcome outcome = run();
    assertThat(outcome.out().lines()).hasSize(6).containsOnly("caught");
    assertThat(outcome.err()).contains(NoNetworkRun.TRIED);
  }
}
