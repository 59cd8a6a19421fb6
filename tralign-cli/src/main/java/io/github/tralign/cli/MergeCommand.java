package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.SaveDtype;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign merge}: adds an adapter to the weights of its model. */
@Command(
    name = "merge",
    description = "Adds a LoRA adapter to the weights of its model and saves the result.",
    customSynopsis =
        "${ROOT-COMMAND-NAME} merge --policy DIR --adapter DIR --output DIR [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "The sum is computed in fp32. With 16 bits the command shows how many of the changed weights"
          + " round back to their old values.",
      "",
      "Example: ${ROOT-COMMAND-NAME} merge --policy pythia-70m --adapter run/adapter --output merged"
    })
final class MergeCommand implements Callable<Integer> {

  private static final String OUTPUT = "--output";

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--policy",
      paramLabel = "DIR",
      converter = HubPath.OfModel.class,
      description = "The adapter's base model: a Hugging Face folder with safetensors. Required.")
  private @Nullable Path policy;

  @Option(
      names = AdapterOptions.ADAPTER,
      paramLabel = "DIR",
      converter = HubPath.OfModel.class,
      description = "The adapter: a PEFT folder. Required.")
  private @Nullable Path adapter;

  @Option(
      names = OUTPUT,
      paramLabel = "DIR",
      description = "The merged model's folder, new or empty. Required.")
  private @Nullable Path output;

  @Option(
      names = RunOptions.SAVE_DTYPE,
      paramLabel = "NAME",
      description = {
        "Type of the saved weights: fp32, bf16, fp16, or source: of each tensor the type that was"
            + " read. Default: ${DEFAULT-VALUE}."
      })
  private SaveDtype saveDtype = SaveDtype.SOURCE;

  @Option(names = "--quiet", description = "Shows errors only.")
  private boolean quiet;

  MergeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Refusal.requireAll(
        ImmutableMap.of(
            "--policy DIR", policy != null,
            "--adapter DIR", adapter != null,
            "--output DIR", output != null));
    Path base = Refusal.given(policy);
    Path target = RunFolder.at(Refusal.given(output)).path();
    ReadPaths.requireApart(spec, OUTPUT, target);
    CheckpointFolder.open(base).close();
    try (Progress progress = Progress.on(console.err(), quiet)) {
      progress.begin("loading " + base, 0);
      try (DjlPolicy merged =
          DjlPolicy.from(base).mergeAdapter(Refusal.given(adapter)).saveDtype(saveDtype).load()) {
        merged.warnings().forEach(progress::warn);
        progress.begin("saving " + target, 0);
        merged.save(target);
        String title = RunCard.name(base) + "-merged";
        RunCard.write(RunCard.of(base, Optional.ofNullable(adapter), title), target, console);
        progress.end();
        if (!quiet) {
          console.out().println("merged model: " + target);
        }
        if (!quiet) {
          RoundingLine.of(merged.rounding(saveDtype), saveDtype)
              .ifPresent(line -> console.out().println("saved in " + line));
        }
      }
    }
    return 0;
  }
}
