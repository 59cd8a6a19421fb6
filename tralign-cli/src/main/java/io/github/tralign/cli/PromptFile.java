package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.InvalidRecordException;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.data.source.RecordReader;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the prompts of a file, or of the standard input. */
final class PromptFile {

  private static final String FIELD = "prompt";
  private static final Pattern JSON_LINE =
      Pattern.compile("\\{.*\"(prompt|messages|instruction)\"\\s*:.*\\}", Pattern.DOTALL);
  private static final String STANDARD_INPUT = "standard input";

  private PromptFile() {}

  /**
   * All prompts in their order: a data file has one in each row, any other file in each line.
   *
   * @param file {@code -} for the standard input, which is text or JSON lines
   * @param prompt makes the prompt of a row
   * @throws InvalidInputException naming file and line, if a row is invalid or there is none
   */
  static List<PromptRow> read(Path file, InputStream input, Function<DataRecord, Prompt> prompt) {
    boolean standard = file.toString().equals("-");
    List<PromptRow> rows = new ArrayList<>();
    try (RecordReader reader = standard ? stream(input) : open(file)) {
      for (DataRecord row = reader.next(); row != null; row = reader.next()) {
        rows.add(new PromptRow(prompt.apply(row), row.fields()));
      }
    } catch (InvalidRecordException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
    if (rows.isEmpty()) {
      throw new InvalidInputException((standard ? STANDARD_INPUT : file) + ": there is no prompt");
    }
    return rows;
  }

  /**
   * Rejects a pipe or a device, which cannot be read several times.
   *
   * @param file {@code -} for the standard input
   */
  static void requireRegular(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw new Refusal(
          "--prompts",
          file + " is a pipe or a device; expected a file, or - for the standard input");
    }
  }

  /** A warning if a text is a JSON line of prompts, which was meant to be read as such. */
  static Optional<String> jsonReadAsText(List<PromptRow> rows) {
    return rows.stream()
        .map(PromptRow::prompt)
        .filter(it -> !it.isChat() && JSON_LINE.matcher(it.text().strip()).matches())
        .findFirst()
        .map(
            it ->
                it.origin()
                    + ": is a JSON object, but is completed as a text; JSON lines require a file"
                    + " named .jsonl, or on the standard input a JSON object in the first line");
  }

  private static RecordReader stream(InputStream input) {
    return RecordFiles.openStream(input, STANDARD_INPUT, FIELD);
  }

  private static RecordReader open(Path file) {
    return RecordFiles.isDataFile(file)
        ? RecordFiles.open(file)
        : RecordFiles.openText(file, FIELD);
  }
}
