package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tralign data}: a report on data files, and their first rows. */
@Command(
    name = "data",
    description = "Reads data as training would, reports on it and shows the first rows.",
    customSynopsis = "${ROOT-COMMAND-NAME} data FILE... --tokenizer DIR|--policy DIR [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "No weights are read.",
      "",
      "With --output, writes a line for each row, in their order:",
      "  {\"index\":0,\"prompt_ids\":[5,7],\"chosen_ids\":[3,0],\"rejected_ids\":[4,0],\"weight\":1.0}",
      "Single completions have \"completion_ids\", and \"label\" if they are labelled; pairs may have",
      "\"margin\" and \"win_probability\". The index counts from 0; dropped rows leave gaps.",
      "",
      "Example: ${ROOT-COMMAND-NAME} data pairs.jsonl --policy pythia-70m --show 1 --tokens"
    })
final class DataCommand implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", arity = "0..*", description = "Data files, the same as --data.")
  private List<String> files = new ArrayList<>();

  @Mixin(name = "Tokenizer")
  private TokenizerOptions tokenizing = new TokenizerOptions();

  @Mixin(name = "Data")
  private DataOptions data = new DataOptions();

  @Mixin(name = "Shown")
  private ShowOptions shown = new ShowOptions();

  @Mixin(name = "Written")
  private WriteOptions written = new WriteOptions();

  DataCommand(Console console) {
    this.console = console;
  }

  /** Where texts become tokens. */
  static final class TokenizerOptions {
    @Option(
        names = "--policy",
        paramLabel = "DIR",
        converter = HubPath.OfModel.class,
        description = "The model that the rows are for: a Hugging Face folder.")
    private @Nullable Path policy;

    @Option(
        names = "--tokenizer",
        paramLabel = "DIR",
        converter = HubPath.OfModel.class,
        description = "A folder with a tokenizer only, instead of --policy.")
    private @Nullable Path tokenizer;

    Path folder() {
      if ((policy == null) == (tokenizer == null)) {
        throw new InvalidInputException(
            policy == null
                ? "missing: --tokenizer DIR or --policy DIR"
                : "--policy and --tokenizer: expected one of them");
      }
      return policy == null ? Refusal.given(tokenizer) : policy;
    }

    /** What the model takes; a tokenizer alone sets no limit. */
    int maxLength() {
      return policy == null
          ? Integer.MAX_VALUE
          : Architecture.of(ConfigJson.read(policy.resolve("config.json"))).maxLength();
    }
  }

  /** What is printed beside the report. */
  static final class ShowOptions {
    @Option(
        names = "--show",
        paramLabel = "N",
        description = "Shows the first N rows as the model sees them. Default: ${DEFAULT-VALUE}.")
    private int show = 3;

    @Option(names = "--tokens", description = "Also shows their tokens with ids.")
    private boolean tokens;

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Random seed of pairs and mixes. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "YAML file with any of these options. The command line takes precedence.")
    @SuppressWarnings("unused") // ConfigFile looks for it before options are parsed
    private @Nullable Path config;

    @Option(names = "--quiet", description = "Shows no progress.")
    private boolean quiet;
  }

  /** Where tokens are written. */
  static final class WriteOptions {
    @Option(
        names = OutputFile.OPTION,
        paramLabel = "FILE",
        description = {
          "Also writes the token ids of all rows: JSON lines, or Parquet if the name ends in"
              + " .parquet."
        })
    private @Nullable Path output;

    @Mixin private OutputFile file = new OutputFile();
    @Mixin private RowNumbers.Options numbers = new RowNumbers.Options();

    /** The file to write, if there is one. */
    OutputFile.@Nullable Target target(CommandSpec command) {
      numbers.check();
      if (output == null && numbers.isGiven()) {
        throw new Refusal(
            RowNumbers.Options.FIRST_INDEX, "has no effect without " + OutputFile.OPTION);
      }
      return file.checkIfGiven(command, output, TokenRow.BEGINNING);
    }
  }

  @Override
  public Integer call() {
    data.add(files.stream().map(HubPath::ofData).toList());
    if (!data.isGiven()) {
      throw new InvalidInputException("missing: FILE");
    }
    if (shown.show < 0) {
      throw new Refusal("--show", "must be at least 0, not " + shown.show);
    }
    Path folder = tokenizing.folder();
    int maxLength = tokenizing.maxLength();
    DataFiles all = data.seed(shown.seed).files();
    OutputFile.Target target = written.target(spec);
    try (Progress progress = Progress.on(console.err(), shown.quiet);
        CheckpointTokenizer tokenizer = CheckpointTokenizer.load(folder)) {
      PreferenceData read = data.read(data.reader(tokenizer, folder), maxLength, progress);
      read.report().summary().forEach(console.out()::println);
      read.report().statistics().lines().forEach(console.out()::println);
      show(read, folder);
      if (target != null) {
        write(read, all, target, progress);
      }
    }
    return 0;
  }

  private void write(
      PreferenceData read, DataFiles all, OutputFile.Target target, Progress progress) {
    progress.begin("writing " + target.path(), read.size());
    long done = 0;
    try (RowNumbers numbers = written.numbers.open(all);
        RowFile<TokenRow> file = RowFile.open(target, console.out(), TokenRow.class)) {
      for (Example example : read.examples()) {
        file.write(TokenRow.of(numbers.of(example), example));
        progress.at(++done, "rows");
      }
      file.complete();
    }
    progress.end();
  }

  private void show(PreferenceData read, Path folder) {
    try (TokenText text = TokenText.of(folder)) {
      RowPrinter printer =
          new RowPrinter(text, shown.tokens, console.out(), Terminal.takesColours());
      read.examples().stream().limit(shown.show).forEach(printer::print);
    }
  }
}
