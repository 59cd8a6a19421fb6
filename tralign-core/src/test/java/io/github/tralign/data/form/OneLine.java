package io.github.tralign.data.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What tests of forms share: a file of one line, and what is read from it. */
abstract class OneLine {

  static final String USER = "{\"role\": \"user\", \"content\": \"u\"}";
  static final String YES = "{\"role\": \"assistant\", \"content\": \"yes\"}";
  static final String NO = "{\"role\": \"assistant\", \"content\": \"no\"}";

  @TempDir Path folder;

  void assertShown(String line, String expected) {
    assertThat(Read.shown(read(line, FormSettings.DEFAULT))).containsExactly(expected);
  }

  void assertRefused(String line, DropReason reason, String detail) {
    RowFault fault = fault(line);
    assertThat(fault.detail()).isEqualTo(detail);
    assertThat(fault.reason()).isEqualTo(reason);
    assertThat(fault.origin()).endsWith("data.jsonl:1");
  }

  RowFault fault(String line) {
    List<RowFault> faults = faults(line, FormSettings.DEFAULT);
    assertThat(faults).hasSize(1);
    return faults.get(0);
  }

  List<DropReason> drops(String line, FormSettings settings) {
    return faults(line, settings).stream().map(RowFault::reason).toList();
  }

  List<RowFault> faults(String line, FormSettings settings) {
    List<RowFault> faults = new ArrayList<>();
    try {
      Path file = Files.writeString(folder.resolve("data.jsonl"), line + "\n");
      assertThat(Read.all(DataFiles.of(List.of(file)).with(settings), faults::add)).isEmpty();
    } catch (InvalidInputException e) {
      assertThat(e).hasMessageContaining("the file has no valid row");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return faults;
  }

  Row one(String line) {
    List<Row> rows = read(line, FormSettings.DEFAULT);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  List<Row> read(String line, FormSettings settings) {
    return Read.line(folder, line, settings);
  }

  static String dialogues(String chosen, String rejected) {
    return "{\"chosen\": \"" + chosen + "\", \"rejected\": \"" + rejected + "\"}";
  }

  static String chats(String chosenStart, String chosen, String rejectedStart, String rejected) {
    return String.format(
        "{\"chosen\": [%s, %s], \"rejected\": [%s, %s]}",
        chosenStart, chosen, rejectedStart, rejected);
  }
}
