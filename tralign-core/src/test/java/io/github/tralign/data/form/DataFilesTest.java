package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {

  @TempDir Path folder;
  private Path a;
  private Path b;

  @BeforeEach
  void write_files() throws IOException {
    a = write("a.jsonl", "a", 3000);
    b = write("b.jsonl", "b", 3000);
  }

  @Test
  void files_come_one_after_the_other() {
    List<Row> rows = Read.all(DataFiles.of(List.of(b, a)));
    assertThat(rows).hasSize(6000);
    assertThat(rows.get(0).origin()).isEqualTo(b + ":1");
    assertThat(rows.get(3000).origin()).isEqualTo(a + ":1");
  }

  @Test
  void a_folder_is_one_path_of_its_files() {
    assertThat(Read.all(DataFiles.of(List.of(folder))))
        .isEqualTo(Read.all(DataFiles.of(List.of(a, b))));
  }

  @Test
  void a_mix_keeps_its_shares_to_the_end_and_takes_no_row_twice() {
    List<String> origins = mixed(List.of(0.75, 0.25), 7);
    assertThat(origins).doesNotHaveDuplicates();
    long ofA = origins.stream().filter(origin -> origin.startsWith(a.toString())).count();
    assertThat(ofA).isEqualTo(3000); // the one that runs out
    assertThat(origins.size() - ofA).isBetween(900L, 1100L); // a third of it, up to chance
    assertThat(origins)
        .filteredOn(it -> it.startsWith(a.toString()))
        .isSortedAccordingTo((x, y) -> Integer.compare(line(x), line(y)));
  }

  @Test
  void a_mix_is_drawn_from_the_seed_alone() {
    assertThat(mixed(List.of(1.0, 1.0), 7)).isEqualTo(mixed(List.of(2.0, 2.0), 7));
    assertThat(mixed(List.of(1.0, 1.0), 7)).isNotEqualTo(mixed(List.of(1.0, 1.0), 8));
  }

  @Test
  void what_was_read_of_each_file_is_reported() {
    try (RowReader reader = DataFiles.of(List.of(a, b)).open(fault -> {})) {
      for (int i = 0; i < 3001; i++) {
        reader.next();
      }
      assertThat(reader.records()).isEqualTo(3001);
      assertThat(reader.sources())
          .extracting(SourceReport::rows, SourceReport::whole)
          .containsExactly(tuple(3000L, true), tuple(1L, false));
    }
  }

  @Test
  void all_files_are_looked_for_before_one_is_read() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> DataFiles.of(List.of(a, folder.resolve("c.jsonl"))).check())
        .withMessageEndingWith("c.jsonl: no such file");
  }

  @Test
  void weights_are_one_for_each_path_and_above_zero() {
    DataFiles files = DataFiles.of(List.of(a, b));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> files.mixed(List.of(1.0)))
        .withMessage("1 weight for 2 data files; expected one for each");
    for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException().isThrownBy(() -> files.mixed(List.of(1.0, weight)));
    }
  }

  private List<String> mixed(List<Double> weights, long seed) {
    DataFiles files =
        DataFiles.of(List.of(a, b)).mixed(weights).with(FormSettings.DEFAULT.seed(seed));
    return Read.all(files).stream().map(Row::origin).toList();
  }

  private static int line(String origin) {
    return Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1));
  }

  private Path write(String name, String prompt, int rows) throws IOException {
    String row =
        String.format("{\"prompt\": \"%s\", \"chosen\": \"c\", \"rejected\": \"r\"}\n", prompt);
    return Files.writeString(folder.resolve(name), row.repeat(rows));
  }
}
