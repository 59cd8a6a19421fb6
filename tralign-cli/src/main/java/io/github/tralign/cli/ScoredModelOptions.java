package io.github.tralign.cli;

import io.github.tralign.djl.DjlPolicyBuilder;
import io.github.tralign.djl.Precision;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The model of a command that only scores. */
final class ScoredModelOptions extends ModelOptions {

  @Option(
      names = AdapterOptions.ADAPTER,
      paramLabel = "DIR",
      description = "A LoRA adapter that is added to the model: a PEFT folder. Default: none.")
  private @Nullable Path adapter;

  ScoredModelOptions() {
    super(Precision.FP32);
  }

  @Override
  Optional<Path> adapter() {
    return Optional.ofNullable(adapter);
  }

  @Override
  DjlPolicyBuilder loading() {
    DjlPolicyBuilder loading = super.loading().frozen(true);
    return adapter == null ? loading : loading.mergeAdapter(adapter);
  }
}
