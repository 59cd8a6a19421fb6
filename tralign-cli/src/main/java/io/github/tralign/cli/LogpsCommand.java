package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.launch.Processes;
import io.github.tralign.policy.TokenLogProbs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign logps}: scores each completion of data files. */
@Command(
    name = "logps",
    description = "Scores each completion: its log-probability, summed over its tokens.",
    customSynopsis =
        "${ROOT-COMMAND-NAME} logps --policy DIR --data FILE --output FILE [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "Writes a line for each pair, in the order of the rows:",
      "  {\"index\":0,\"chosen\":{\"logp\":-12.3,\"tokens\":7},\"rejected\":{\"logp\":…}}",
      "The index is the number of the row, from 0. Dropped rows leave gaps. In a Parquet file",
      "'chosen' and the others are columns with fields."
    })
final class LogpsCommand implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Model")
  private ScoredModelOptions model = new ScoredModelOptions();

  @Mixin(name = "Data")
  private DataOptions data = new DataOptions();

  @Mixin(name = "Scores")
  private ScoreOptions scores = new ScoreOptions();

  @Mixin(name = "Processes")
  private ProcessOptions processes = new ProcessOptions();

  @Mixin(name = "General")
  private CommonOptions common = new CommonOptions();

  LogpsCommand(Console console) {
    this.console = console;
  }

  /** What is written, and how often. */
  static final class ScoreOptions {
    @Option(
        names = "--output",
        paramLabel = "FILE",
        description =
            "JSON lines, or Parquet if the name ends in .parquet; the file appears when it is complete."
                + " - is the standard output. Required.")
    private @Nullable String output;

    @Option(
        names = "--batch-size",
        paramLabel = "N",
        description = "Pairs that are scored between two writes. Default: ${DEFAULT-VALUE}.")
    private int batchSize = 64;

    @Mixin private RowNumbers.Options numbers = new RowNumbers.Options();
    @Mixin private OutputFile file = new OutputFile();

    /** The file to write; none for the standard output. */
    private OutputFile.@Nullable Target target(CommandSpec command) {
      return file.checkOrStandard(command, Refusal.given(output), ScoredRow.BEGINNING);
    }
  }

  @Override
  public Integer call() {
    Refusal.requireAll(
        ImmutableMap.of(
            "--policy DIR", model.isGiven(),
            "--data FILE", data.isGiven(),
            "--output FILE", scores.output != null));
    if (scores.batchSize < 1) {
      throw new Refusal("--batch-size", "must be at least 1, not " + scores.batchSize);
    }
    scores.numbers.check();
    common.check();
    processes.check(model);
    DataFiles files = data.files();
    OutputFile.Target output = processes.isFirst() ? scores.target(spec) : null;
    model.check();
    if (!processes.isFirst()) {
      data.onlyReadCache();
    }
    try (Processes together = processes.start(spec, console, model)) {
      return together.run(() -> score(together, files, output), Failures::code);
    }
  }

  private int score(Processes together, DataFiles files, OutputFile.@Nullable Target output) {
    Console shown = processes.of(console);
    boolean quiet = common.quiet() || !together.isFirst();
    try (Progress progress = Progress.on(shown.err(), quiet);
        CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      PreferenceReader reader = data.reader(tokenizer, model.folder());
      progress.begin("loading " + model.folder(), 0);
      try (DjlPolicy policy = model.loadPolicy(progress)) {
        progress.end();
        PreferenceData pairs = data.read(reader, policy.maxLength(), progress);
        pairs.examples().forEach(example -> requireKnown(example, policy));
        if (!quiet) {
          pairs.report().summary().forEach(shown.err()::println);
        }
        together.ready();
        score(together.group(), policy, pairs, files, output, progress);
      }
    }
    return 0;
  }

  private void score(
      ProcessGroup group,
      DjlPolicy policy,
      PreferenceData pairs,
      DataFiles files,
      OutputFile.@Nullable Target output,
      Progress progress) {
    progress.begin("scoring", pairs.size());
    List<PreferenceBatch> slices = new ArrayList<>();
    for (int from = 0; from < pairs.size(); from += scores.batchSize) {
      int to = Math.min(pairs.size(), from + scores.batchSize);
      slices.addAll(common.slices(new PreferenceBatch(pairs.examples().subList(from, to))));
    }
    RowNumbers rows = scores.numbers.open(files);
    AtomicLong done = new AtomicLong();
    try (rows;
        RowFile<ScoredRow> file =
            RowFile.open(output, processes.of(console).out(), ScoredRow.class)) {
      SharedWork.inOrder(
          group,
          slices.size(),
          piece -> policy.score(slices.get(piece)).values(),
          (piece, numbers) -> {
            PreferenceBatch slice = slices.get(piece);
            TokenLogProbs logProbs = new TokenLogProbs(slice, numbers);
            for (int i = 0; i < slice.size(); i++) {
              Example example = slice.examples().get(i);
              file.write(ScoredRow.of(rows.of(example), logProbs, i, example));
            }
            progress.at(done.addAndGet(slice.size()), "pairs");
          });
      file.complete();
    }
    progress.end();
  }

  private static void requireKnown(Example example, DjlPolicy policy) {
    try {
      example.requireKnown(policy.vocabularySize());
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }
}
