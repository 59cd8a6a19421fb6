package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.report.Machine;
import io.github.tralign.toy.Toy;
import io.github.tralign.toy.ToyGrid;
import io.github.tralign.toy.ToyReport;
import io.github.tralign.toy.ToySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign toy}: where losses move probability, on a tree small enough to enumerate. */
@Command(
    name = "toy",
    description = {
      "The paper's toy problem: a small recurrent policy learns one preference pair among the"
          + " sequences of a tree, with a fixed and with moving references. Shows how much"
          + " probability goes to sequences outside the data."
    },
    sortOptions = false,
    footer = {
      "",
      "The output folder gets table.txt, courses.csv, runs.csv, and the pictures probabilities and"
          + " curvature as SVG and PNG; with --grid it gets grid.csv and grid.md. It must be new or"
          + " empty. docs/experiments/toy.md has the results.",
      "",
      "Example: ${ROOT-COMMAND-NAME} toy --grid --beta 0.1,1 --depth 4 --output grid"
    })
final class ToyCommand implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Problem")
  private ToyOptions options = new ToyOptions();

  @Mixin(name = "Run")
  private RunOptions run = new RunOptions();

  ToyCommand(Console console) {
    this.console = console;
  }

  /** Output and display. */
  static final class RunOptions {
    @Option(
        names = "--output",
        paramLabel = "DIR",
        description = "Folder for the results, new or empty. Default: ${DEFAULT-VALUE}.")
    private Path output = Path.of("tralign-toy");

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "YAML file with any of these options. The command line takes precedence.")
    @SuppressWarnings("unused") // ConfigFile looks for it before options are parsed
    private @Nullable Path config;

    @Option(names = "--quiet", description = "Shows the results only, no progress.")
    private boolean quiet;
  }

  @Override
  public Integer call() throws IOException {
    List<ToySettings> settings = options.resolve();
    RunFolder folder = RunFolder.at(run.output);
    folder.create();
    folder.writeConfig(
        Settings.of(spec),
        ImmutableMap.of(
            "tralign", Machine.version(), "java", System.getProperty("java.runtime.version")));
    try (Toy toy = new Toy(Runtime.getRuntime().availableProcessors());
        Progress progress = Progress.on(console.err(), run.quiet)) {
      if (options.isGrid()) {
        runGrid(toy, settings, folder.path(), progress);
      } else {
        runOne(toy, settings.get(0), folder.path(), progress);
      }
    }
    return 0;
  }

  private void runOne(Toy toy, ToySettings settings, Path folder, Progress progress)
      throws IOException {
    progress.begin("running", settings.seeds());
    ToyReport report = toy.run(settings, done -> progress.at(done, "seeds"));
    progress.begin("drawing", 0);
    report.write(folder);
    progress.end();
    console.out().println(report.table());
    console.out().println("Pictures and numbers: " + folder);
  }

  private void runGrid(Toy toy, List<ToySettings> all, Path folder, Progress progress)
      throws IOException {
    progress.begin("running", all.size());
    ToyGrid grid = new ToyGrid();
    for (int i = 0; i < all.size(); i++) {
      grid.add(toy.run(all.get(i), done -> {}));
      grid.write(folder); // a grid that is cut short leaves what it has
      progress.at(i + 1, "settings");
    }
    progress.end();
    console.out().println(grid.table());
    console.out().println("Numbers: " + folder);
  }
}
