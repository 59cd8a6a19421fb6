package io.github.tralign.judge.alpaca;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.judge.Answers;
import java.nio.file.Path;

/**
 * A row of AlpacaEval's {@code df_gamed.csv}: the reference against itself when asked to be
 * concise, or verbose.
 *
 * @param index number of the instruction, from 0
 * @param share preference − 1, in [0, 1]
 * @param length the difference in length, in standard deviations
 * @param difficulty of the instruction
 */
public record GamedRow(int index, double share, double length, double difficulty) {

  /**
   * Reads the file.
   *
   * @throws InvalidInputException if a column is missing or not a number
   */
  public static ImmutableList<GamedRow> read(Path file) {
    ImmutableList.Builder<GamedRow> rows = ImmutableList.builder();
    Answers.forEach(
        file,
        row ->
            rows.add(
                new GamedRow(
                    (int) number(row, "index"),
                    number(row, "preference"),
                    number(row, "std_delta_len"),
                    number(row, "instruction_difficulty"))));
    return rows.build();
  }

  private static double number(DataRecord row, String name) {
    String text = row.fields().path(name).asText("");
    Double number = Doubles.tryParse(text);
    if (number == null || !Double.isFinite(number)) {
      throw new InvalidInputException(
          row.origin() + ": column '" + name + "' must be a number, not '" + text + "'");
    }
    return number;
  }
}
