package io.github.tralign.cli;

import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.quickstart.CourtesyQuickstart;
import io.github.tralign.quickstart.Quickstart;
import io.github.tralign.quickstart.QuickstartConsole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tralign quickstart}: a whole alignment without downloads, in about a minute. */
@Command(
    name = "quickstart",
    sortOptions = false,
    description = {
      "Makes a small tokenizer, a model and preference data, fine-tunes the model, aligns"
          + " it with DPO and with a moving reference, and shows the results.",
      "It downloads nothing and takes one to two minutes on two cores.",
      "With --policy it teaches that model to answer courteously, and shows what it answers before"
          + " and after."
    })
final class QuickstartCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--policy",
      paramLabel = "DIR",
      converter = HubPath.OfModel.class,
      description = {
        "A small chat model: a Hugging Face folder, or a name such as"
            + " HuggingFaceTB/SmolLM2-135M-Instruct that 'fetch' has downloaded. Default: a model"
            + " that is made on the spot."
      })
  private @Nullable Path policy;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "tralign-quickstart",
      description = {
        "Folder for everything that is made: new, empty, or an earlier quickstart, which is"
            + " replaced. Default: ./tralign-quickstart"
      })
  private Path output = Path.of("tralign-quickstart");

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Random seed. Default: ${DEFAULT-VALUE}")
  private long seed = 42;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {
        "Threads of PyTorch, at least 1. Default: one per core with --policy, else 1, which is"
            + " enough for so small a model."
      })
  private @Nullable Integer threads;

  @Option(names = "--quiet", description = "Shows the results only, no progress.")
  private boolean quiet;

  QuickstartCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (threads != null && threads < 1) {
      throw new Refusal("--threads", "must be at least 1, not " + threads);
    }
    QuickstartConsole shown =
        new QuickstartConsole(console.out(), console.err(), quiet, Terminal.isStandardError());
    if (policy == null) {
      new Quickstart(output, seed, threads == null ? 1 : threads, shown).run();
    } else {
      if (Files.exists(output) && policy.toRealPath().startsWith(output.toRealPath())) {
        throw new Refusal(
            "--policy",
            policy
                + " is in the folder "
                + output
                + ", which is replaced; choose another --output, or copy the model first");
      }
      CheckpointFolder.open(policy).close(); // refused before anything is made
      int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
      new CourtesyQuickstart(output, policy, seed, used, shown).run();
    }
    return 0;
  }
}
