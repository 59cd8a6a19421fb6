package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.data.Truncation;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.FormSettings;
import io.github.tralign.data.form.PairChoice;
import io.github.tralign.data.form.Turns;
import io.github.tralign.djl.chat.CheckpointTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which data is read, and how. */
final class DataOptions {

  static final String SKIP_INVALID = "--skip-invalid";

  private static final int DEFAULT_MAX_LENGTH = 1024;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      converter = HubPath.OfData.class,
      description = {
        "A data file (.jsonl, .json, .csv or .parquet; all but the last also with .gz or .zst), a"
            + " folder of such files, or owner/name[@revision][:path] of a data set that 'fetch"
            + " --data' has downloaded. May be given several times."
      })
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--mix",
      paramLabel = "W",
      split = ",",
      description = {
        "Mixes several --data: each row is drawn from one of them, with a probability in proportion"
            + " to its weight. One weight per --data, in their order; 0.7,0.3 takes seven of ten"
            + " rows from the first. A pass ends when the drawn file has no rows left. Default: one"
            + " file after the other."
      })
  private @Nullable List<Double> mix;

  @Option(
      names = "--form",
      paramLabel = "NAME",
      description = {
        "The form of the rows, such as pairs, messages or sharegpt; docs/data.md lists all forms."
            + " Default: recognised by the columns."
      })
  private @Nullable String form;

  @Option(
      names = "--columns",
      paramLabel = "NAME=COLUMN",
      split = ",",
      description = {
        "Names of the form's columns in the file, as in prompt=question,chosen=good. Default: the"
            + " same names."
      })
  private @Nullable Map<String, String> columns;

  @Option(
      names = "--roles",
      paramLabel = "NAME=ROLE",
      split = ",",
      description = {
        "Roles of the speakers that the data names, as in customer=user,agent=assistant. The usual"
            + " names, such as human and gpt, are known."
      })
  private @Nullable Map<String, String> roles;

  @Option(
      names = "--ignore",
      paramLabel = "COLUMN",
      split = ",",
      description = {
        "Columns to ignore although they change the meaning of a row, such as system. Default: such"
            + " a column is an error if the form does not read it."
      })
  private List<String> ignored = new ArrayList<>();

  @Option(
      names = "--turns",
      paramLabel = "NAME",
      description = {
        "Which assistant turns of a demonstration are completions: last or all. Default: last."
      })
  private @Nullable Turns turns;

  @Option(
      names = "--pairs",
      paramLabel = "NAME",
      description = {
        "How pairs are made from several completions with scores or ranks: best-worst, all or"
            + " random. Default: best-worst."
      })
  private @Nullable PairChoice pairs;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = {
        "Maximum tokens of a prompt with one completion; longer completions are cut at the end."
            + " Default: 1024, or the model's limit if that is lower."
      })
  private @Nullable Integer maxLength;

  @Option(
      names = "--max-prompt-length",
      paramLabel = "N",
      description =
          "Maximum tokens of a prompt; --truncation says which are kept. Default: no limit.")
  private @Nullable Integer maxPromptLength;

  @Option(
      names = "--max-completion-length",
      paramLabel = "N",
      description =
          "Maximum tokens of a completion; longer ones are cut at the end. Default: no limit.")
  private @Nullable Integer maxCompletionLength;

  @Option(
      names = "--truncation",
      paramLabel = "RULE",
      description = {
        "What happens to a prompt that is too long: keep_start, keep_end, or drop, which cuts"
            + " nothing and drops rows that are too long. Default: ${DEFAULT-VALUE}."
      })
  private Truncation truncation = Truncation.KEEP_END;

  @Option(
      names = "--begin-with-eos",
      description = {
        "Begins rows without a prompt with the end-of-sequence token, if the tokenizer itself adds"
            + " no first token. Default: such rows are dropped."
      })
  private boolean beginWithEos;

  @Mixin private TemplateOptions template = new TemplateOptions();

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Folder that keeps the tokens of the data for later runs. Default: no cache.")
  private @Nullable Path cache;

  @Option(
      names = SKIP_INVALID,
      description = "Skips and counts invalid rows. Default: the first is an error.")
  private boolean skipInvalid;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Uses the first N usable pairs only. Default: all.")
  private @Nullable Integer limit;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  private long seed = FormSettings.DEFAULT.seed();
  private boolean writesCache = true;

  boolean isGiven() {
    return !files.isEmpty();
  }

  boolean isCached() {
    return cache != null;
  }

  /** Files that a command takes without naming the option. */
  void add(List<Path> more) {
    files.addAll(more);
  }

  /** What random pairs and mixes are drawn from. */
  DataOptions seed(long value) {
    seed = value;
    return this;
  }

  /** The files, which exist: a misspelled name is reported before anything is loaded. */
  DataFiles files() {
    DataFiles data = DataFiles.of(files).with(settings());
    List<Double> weights = mix;
    if (weights != null) {
      data = Refusal.naming("--mix", () -> DataFiles.of(files).mixed(weights)).with(settings());
    }
    data.check();
    if (cache != null) {
      ReadPaths.requireApart(command, "--cache", cache);
    }
    return data;
  }

  private FormSettings settings() {
    FormSettings settings = FormSettings.DEFAULT.seed(seed).ignored(ignored);
    settings = turns == null ? settings : settings.turns(turns);
    settings = pairs == null ? settings : settings.pairs(pairs);
    try {
      settings = form == null ? settings : settings.form(form);
    } catch (InvalidInputException e) {
      throw new Refusal("--form", String.valueOf(e.getMessage()));
    }
    try {
      settings = roles == null ? settings : settings.roles(roles);
    } catch (InvalidInputException e) {
      throw new Refusal("--roles", String.valueOf(e.getMessage()));
    }
    try {
      return columns == null ? settings : settings.columns(columns);
    } catch (InvalidInputException e) {
      throw new Refusal("--columns", String.valueOf(e.getMessage()));
    }
  }

  /**
   * A reader with these options, except the maximum length where it is not given.
   *
   * @param model the model's folder, whose chat template counts if none is given
   */
  PreferenceReader reader(Tokenizer tokenizer, Path model) {
    PreferenceReader reader = PreferenceData.read(tokenizer).skipInvalid(skipInvalid);
    template(model).ifPresent(reader::template);
    reader.truncation(truncation).beginWithEndOfSequence(beginWithEos);
    Optional.ofNullable(maxLength).ifPresent(reader::maxLength);
    Optional.ofNullable(maxPromptLength).ifPresent(reader::maxPromptLength);
    Optional.ofNullable(maxCompletionLength).ifPresent(reader::maxCompletionLength);
    Optional.ofNullable(limit).ifPresent(reader::limit);
    return reader;
  }

  /** The chat template: the one that is given, else that of the model's folder. */
  Optional<CheckpointTemplate> template(Path model) {
    return template.template(model);
  }

  /** Where results are kept for the next run; failures are reported to {@code progress}. */
  Optional<CacheFolder> cache(Progress progress) {
    return Optional.ofNullable(cache)
        .map(folder -> CacheFolder.at(folder, progress::warn))
        .map(folder -> writesCache ? folder : folder.readOnly());
  }

  /** Leaves it to another process to write the cache. */
  void onlyReadCache() {
    writesCache = false;
  }

  /** Reads the files with {@code reader}, cut to what the model takes, as a task of its own. */
  PreferenceData read(PreferenceReader reader, int modelMaxLength, Progress progress) {
    progress.begin("reading and tokenizing", 0);
    PreferenceData data = readAmidst(reader, modelMaxLength, progress);
    progress.end();
    return data;
  }

  /** The same as part of the current task. */
  PreferenceData readAmidst(PreferenceReader reader, int modelMaxLength, Progress progress) {
    limitLength(reader, modelMaxLength);
    cache(progress).ifPresent(reader::cache);
    return reader.onProgress(rows -> progress.at(rows, "rows")).files(files());
  }

  /**
   * The files as a stream, cut to what the model takes; {@code progress} shows columns that are not
   * read.
   */
  PreferenceStream stream(PreferenceReader reader, int modelMaxLength, Progress progress) {
    limitLength(reader, modelMaxLength);
    Set<String> known = new HashSet<>(); // each pass sees them again
    reader.onUnreadColumn(
        (file, column) -> {
          String warning = file + ": the column '" + column + "' is not read";
          if (known.add(warning)) {
            progress.warn(warning);
          }
        });
    return reader.stream(files());
  }

  private void limitLength(PreferenceReader reader, int modelMaxLength) {
    if (maxLength == null) {
      maxLength = Math.min(DEFAULT_MAX_LENGTH, modelMaxLength); // for the record of the run too
      reader.maxLength(maxLength);
    } else if (maxLength > modelMaxLength) {
      throw new Refusal(
          "--max-length", maxLength + " is more than the model takes, " + modelMaxLength);
    }
  }

  /** Other files, read like these. */
  DataFiles like(List<Path> others) {
    return DataFiles.of(others).with(settings());
  }
}
