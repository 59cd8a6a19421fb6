package io.github.tralign.cli;

import io.github.tralign.frontier.Frontier;
import io.github.tralign.frontier.FrontierGrid;
import io.github.tralign.frontier.FrontierReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign experiment frontier}: quality over divergence in a world with a gold judge. */
@Command(
    name = "frontier",
    description = {
      "Compares losses, reference rules and betas in a world in which quality can be measured: gold"
          + " over the divergence from the start, at equal divergence and at equal beta."
    },
    sortOptions = false,
    footer = {
      "",
      "The output folder gets runs.csv, to which each run adds its numbers when it ends, and from"
          + " that tables.md, equal-kl.csv, and the pictures gold-over-kl, equal-beta,"
          + " kl-over-beta-lag and permitted-over-kl as SVG and PNG. The same command resumes it"
          + " after it was stopped. Numbers depend neither on the threads nor on what else is run."
          + " docs/experiments/frontier.md has the results.",
      "",
      "Example: ${ROOT-COMMAND-NAME} experiment frontier --regimes decayed --losses dpo --seeds 2"
          + " --output frontier"
    })
final class FrontierCommand implements Callable<Integer> {

  private static final String RUNS = "runs.csv";

  private static final Set<String> ANALYSIS = Set.of("--output", "--analyze", "--quiet");

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Grid")
  private FrontierOptions grid = new FrontierOptions();

  @Mixin(name = "World")
  private FrontierOptions.WorldOptions world = new FrontierOptions.WorldOptions();

  @Mixin(name = "Run")
  private RunOptions run = new RunOptions();

  FrontierCommand(Console console) {
    this.console = console;
  }

  /** Output and display. */
  static final class RunOptions {
    @Option(
        names = "--output",
        paramLabel = "DIR",
        description =
            "Folder for the results: new, empty, or one with runs of this command, which are kept."
                + " Default: ${DEFAULT-VALUE}.")
    private Path output = Path.of("tralign-frontier");

    @Option(
        names = "--threads",
        paramLabel = "N",
        description = "Runs side by side. Default: the number of processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
        names = "--analyze",
        description = "Runs nothing; makes tables and pictures from the runs that are there.")
    private boolean analyze;

    @Option(names = "--quiet", description = "Shows the results only, no progress.")
    private boolean quiet;
  }

  private void requireNoGrid() {
    for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
      if (!ANALYSIS.contains(given.longestName())) {
        throw new Refusal(
            given.longestName(), "has no effect with --analyze, which takes all runs of --output");
      }
    }
  }

  @Override
  public Integer call() throws IOException {
    if (run.analyze) {
      requireNoGrid();
    }
    FrontierGrid runs = grid.grid(world.size());
    if (run.threads < 1) {
      throw new Refusal("--threads", "must be at least 1, not " + run.threads);
    }
    Path file = run.output.resolve(RUNS);
    if (!Files.exists(file)) {
      if (run.analyze) {
        throw new Refusal("--output", run.output + " has no " + RUNS + " to analyze");
      }
      RunFolder.at(run.output).create();
    }
    try (RunLock lock = new RunLock(RunFolder.holding(run.output));
        Progress progress = Progress.on(console.err(), run.quiet)) {
      lock.take();
      if (!run.analyze) {
        progress.begin("running", 0);
        Frontier.run(
            runs,
            file,
            run.threads,
            (done, total) -> {
              if (done == 0) {
                progress.begin("running", total);
              } else {
                progress.at(done, "runs");
              }
            });
      }
      progress.begin("drawing", 0);
      FrontierReport report = FrontierReport.of(file);
      report.write(run.output);
      progress.end();
      console.out().println(report.tables());
      console.out().println("Pictures and numbers: " + run.output);
    }
    return 0;
  }
}
