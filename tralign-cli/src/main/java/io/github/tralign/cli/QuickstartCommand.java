package io.github.tralign.cli;

import io.github.tralign.quickstart.Quickstart;
import io.github.tralign.quickstart.QuickstartConsole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tralign quickstart}: a whole alignment without downloads, in about a minute. */
@Command(
    name = "quickstart",
    sortOptions = false,
    description = {
      "Makes a small tokenizer, a model and preference data, fine-tunes the model, aligns"
          + " it with DPO and with a moving reference, and shows the results.",
      "It downloads nothing and takes one to two minutes on two cores."
    })
final class QuickstartCommand implements Callable<Integer> {

  private final Console console;

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
      defaultValue = "1",
      description = {
        "Threads of PyTorch, at least 1. The model is so small that more threads hardly help."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int threads = 1;

  @Option(names = "--quiet", description = "Shows the results only, no progress.")
  private boolean quiet;

  QuickstartCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (threads < 1) {
      throw new Refusal("--threads", "must be at least 1, not " + threads);
    }
    QuickstartConsole shown =
        new QuickstartConsole(console.out(), console.err(), quiet, Terminal.isStandardError());
    new Quickstart(output, seed, threads, shown).run();
    return 0;
  }
}
