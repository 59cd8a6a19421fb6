package io.github.tralign.cli;

import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.data.form.DataFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which rows are read, and how much of them. */
final class DataOptions {

  private static final int DEFAULT_MAX_LENGTH = 1024;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = {
        "JSON lines with prompt, chosen and rejected, or with two dialogues; gzip if the name ends"
            + " in .gz. May be given several times. Needed."
      })
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = {
        "Tokens of a prompt with one completion, which is cut at its end."
            + " Default: 1024, or the model's limit where that is less."
      })
  private @Nullable Integer maxLength;

  @Option(
      names = "--max-prompt-length",
      paramLabel = "N",
      description = "Tokens of a prompt, which is cut at its beginning. Default: no limit.")
  private @Nullable Integer maxPromptLength;

  @Option(
      names = "--max-completion-length",
      paramLabel = "N",
      description = "Tokens of a completion, which is cut at its end. Default: no limit.")
  private @Nullable Integer maxCompletionLength;

  @Option(
      names = "--skip-invalid",
      description = "Leaves faulty rows out and counts them, instead of stopping at the first.")
  private boolean skipInvalid;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Uses the first N usable pairs only. Default: all.")
  private @Nullable Integer limit;

  boolean isGiven() {
    return !files.isEmpty();
  }

  /** The files, which are there: a misspelled one is told before anything is loaded. */
  DataFiles files() {
    DataFiles data = DataFiles.of(files);
    data.check();
    return data;
  }

  /** A reader with these options, apart from the data's maximal length where it is not given. */
  PreferenceReader reader(Tokenizer tokenizer) {
    PreferenceReader reader = PreferenceData.read(tokenizer).skipInvalid(skipInvalid);
    Refusal.ifGiven("--max-length", maxLength, reader::maxLength);
    Refusal.ifGiven("--max-prompt-length", maxPromptLength, reader::maxPromptLength);
    Refusal.ifGiven("--max-completion-length", maxCompletionLength, reader::maxCompletionLength);
    Refusal.ifGiven("--limit", limit, reader::limit);
    return reader;
  }

  /** Reads the files with {@code reader}, cut to what the model takes. */
  PreferenceData read(PreferenceReader reader, int modelMaxLength, Progress progress) {
    if (maxLength == null) {
      maxLength = Math.min(DEFAULT_MAX_LENGTH, modelMaxLength); // for the record of the run too
      reader.maxLength(maxLength);
    } else if (maxLength > modelMaxLength) {
      throw new Refusal(
          "--max-length", maxLength + " is more than the model takes, " + modelMaxLength);
    }
    progress.begin("reading and tokenizing", 0);
    PreferenceData data = reader.onProgress(rows -> progress.at(rows, "rows")).files(files);
    progress.end();
    return data;
  }
}
