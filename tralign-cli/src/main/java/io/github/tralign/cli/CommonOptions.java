package io.github.tralign.cli;

import io.github.tralign.data.PreferenceBatch;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of all commands that compute with a model. */
final class CommonOptions {

  @Option(
      names = "--micro-batch-tokens",
      paramLabel = "N",
      description = {
        "Packed tokens that are computed at once; limits the memory. Default: ${DEFAULT-VALUE}."
      })
  private int microBatchTokens = 4096;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with any of these options. The command line takes precedence.")
  @SuppressWarnings("unused") // ConfigFile looks for it before options are parsed
  private @Nullable Path config;

  @Option(names = "--quiet", description = "Shows errors only.")
  private boolean quiet;

  /** Refuses what is out of range. */
  void check() {
    if (microBatchTokens < 1) {
      throw new Refusal("--micro-batch-tokens", "must be at least 1, not " + microBatchTokens);
    }
  }

  int microBatchTokens() {
    return microBatchTokens;
  }

  List<PreferenceBatch> slices(PreferenceBatch batch) {
    return batch.microBatches(microBatchTokens);
  }

  boolean quiet() {
    return quiet;
  }
}
