package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.report.Comparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tralign compare}: runs side by side in one page. */
@Command(
    name = "compare",
    description = "Shows runs side by side in one page.",
    customSynopsis = "${ROOT-COMMAND-NAME} compare RUN... [--output FILE] [--csv FILE]",
    sortOptions = false,
    footer = {
      "",
      "A run is the folder that train or sft wrote to; it may still be running. The page shows the"
          + " settings that differ, the results, and each metric of all runs in one chart. It is"
          + " self-contained and loads nothing.",
      "",
      "Example: ${ROOT-COMMAND-NAME} compare runs/dpo runs/tr-dpo-soft --output compare.html"
    })
final class CompareCommand implements Callable<Integer> {

  /** How a page begins that this command wrote. */
  private static final Pattern BEGINNING =
      Pattern.compile(
          "(?is)\\s*<!doctype html>.*<title>(Runs side by side|Comparison of runs) – tralign</title>");

  /** How a table begins that this command wrote. */
  private static final Pattern TABLE = Pattern.compile(Pattern.quote(Comparison.CSV_HEAD + "\n"));

  static final String CSV = "--csv";

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..*", paramLabel = "RUN", description = "Folders of runs.")
  private List<Path> runs = new ArrayList<>();

  @Mixin(name = "Page")
  private PageOptions page = new PageOptions();

  CompareCommand(Console console) {
    this.console = console;
  }

  /** Where the page goes. */
  static final class PageOptions {
    @Option(
        names = "--output",
        paramLabel = "FILE",
        description = "The page to write; replaces an earlier page. Default: ${DEFAULT-VALUE}.")
    private Path output = Path.of("compare.html");

    @Option(
        names = CSV,
        paramLabel = "FILE",
        description = {
          "Also writes the curves of the charts as a table: a line for each run, metric and step."
              + " Replaces an earlier table. Default: none."
        })
    private @Nullable Path csv;

    @Option(
        names = "--separate",
        description = {
          "Shows each run by itself. Default: runs that differ only in their seeds are shown as"
              + " their mean, in a band from the least to the greatest."
        })
    private boolean separate;

    @Mixin private OutputFile file = new OutputFile();
  }

  @Override
  public Integer call() {
    if (runs.isEmpty()) {
      throw new InvalidInputException("missing: RUN, the folder of a run, or several");
    }
    Set<Path> folders = new HashSet<>();
    for (Path run : runs) {
      if (!folders.add(run.toAbsolutePath().normalize())) {
        throw new InvalidInputException(run + ": is given twice");
      }
    }
    List<Path> paths = runs.stream().map(Path::normalize).toList();
    Comparison comparison = page.separate ? Comparison.ofEach(paths) : Comparison.of(paths);
    OutputFile.Target html = page.file.check(spec, page.output, BEGINNING);
    OutputFile.Target csv = page.csv == null ? null : page.file.check(spec, CSV, page.csv, TABLE);
    if (csv != null && csv.path().equals(html.path())) {
      throw new Refusal(CSV, page.csv + " is the page; choose another name");
    }
    html.writeString(comparison.page());
    console.out().println(page.output);
    if (csv != null) {
      csv.writeString(comparison.csv());
      console.out().println(page.csv);
    }
    return 0;
  }
}
