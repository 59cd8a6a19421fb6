package io.github.tralign.judge;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.InvalidRecordException;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.data.source.RecordReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a model, in the order of their file: rows with {@code instruction} and {@code
 * output}, as AlpacaEval and {@code generate --format alpaca-eval} write them, or with {@code
 * prompt} and {@code completion}.
 *
 * @param model the model's name: the column {@code generator}, else the file's name
 */
public record Answers(String model, ImmutableList<Answer> rows, Path file) {

  private static final String[][] COLUMNS = {
    {"instruction", "output"}, {"prompt", "completion"},
  };

  /** Nothing may be null. */
  public Answers {
    requireNonNull(model, "model");
    requireNonNull(rows, "rows");
    requireNonNull(file, "file");
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInputException naming file and line, if a row is invalid or there is none
   */
  public static Answers read(Path file) {
    ImmutableList.Builder<Answer> rows = ImmutableList.builder();
    forEach(requireNonNull(file, "file"), row -> rows.add(answer(row)));
    ImmutableList<Answer> read = rows.build();
    String name = String.valueOf(file.getFileName());
    return new Answers(
        read.get(0).field("generator", name.substring(0, (name + ".").indexOf('.'))), read, file);
  }

  private static Answer answer(DataRecord row) {
    for (String[] names : COLUMNS) {
      var instruction = row.fields().path(names[0]);
      var output = row.fields().path(names[1]);
      if (instruction.isTextual() && output.isTextual()) {
        return new Answer(instruction.textValue(), output.textValue(), row.fields(), row.origin());
      }
    }
    throw new InvalidInputException(
        row.origin()
            + ": no answer; expected the texts 'instruction' and 'output', or 'prompt' and"
            + " 'completion'");
  }

  /**
   * Reads all rows of a data file.
   *
   * @throws InvalidInputException if one is invalid or there is none
   */
  public static void forEach(Path file, Consumer<DataRecord> use) {
    try (RecordReader reader = RecordFiles.open(file)) {
      int count = 0;
      for (DataRecord row = reader.next(); row != null; row = reader.next()) {
        use.accept(row);
        count++;
      }
      if (count == 0) {
        throw new InvalidInputException(file + ": there is no row");
      }
    } catch (InvalidRecordException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Another model's answers to the same instructions, in the order of these. Instructions must be
   * equal to the character; one that occurs several times must do so in both files.
   *
   * @throws InvalidInputException if one is missing or too many
   */
  public ImmutableList<Answer> matching(Answers other) {
    Map<String, Deque<Answer>> byInstruction = new LinkedHashMap<>();
    for (Answer answer : other.rows) {
      byInstruction.computeIfAbsent(answer.instruction(), it -> new ArrayDeque<>()).add(answer);
    }
    ImmutableList.Builder<Answer> matching = ImmutableList.builder();
    for (Answer answer : rows) {
      Answer found = byInstruction.getOrDefault(answer.instruction(), new ArrayDeque<>()).poll();
      matching.add(requireMatched(found, answer, other));
    }
    for (Deque<Answer> left : byInstruction.values()) {
      if (!left.isEmpty()) {
        requireMatched(null, left.getLast(), this);
      }
    }
    return matching.build();
  }

  private static Answer requireMatched(@Nullable Answer found, Answer answer, Answers in) {
    if (found == null) {
      boolean repeated =
          in.rows.stream().anyMatch(it -> it.instruction().equals(answer.instruction()));
      throw new InvalidInputException(
          answer.origin()
              + ": "
              + in.file
              + (repeated
                  ? " has this instruction less often"
                  : " has no answer to this instruction")
              + "; both files need the same instructions, equal to the character");
    }
    return found;
  }
}
