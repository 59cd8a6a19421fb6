package io.github.tralign.data.form;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.data.row.TextRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads rows for tests. */
final class Read {

  private Read() {}

  /** All rows; a faulty one is an error. */
  static List<Row> all(DataFiles files) {
    return all(
        files,
        fault -> {
          if (fault.reason().isFault()) {
            throw new InvalidInputException(fault.message());
          }
        });
  }

  static List<Row> all(DataFiles files, Consumer<RowFault> faults) {
    try (RowReader reader = files.open(faults)) {
      List<Row> rows = new ArrayList<>();
      reader.forEachRemaining(rows::add);
      return rows;
    }
  }

  static List<Row> all(Path file) {
    return all(DataFiles.of(List.of(file)));
  }

  /** The rows of a form's example among the test resources. */
  static List<Row> example(String form, FormSettings settings) {
    return all(DataFiles.of(List.of(path(form))).with(settings));
  }

  static Path path(String form) {
    var url = Read.class.getResource(form + ".jsonl");
    if (url == null) {
      throw new IllegalArgumentException("there is no example of " + form);
    }
    return Path.of(url.getPath());
  }

  /** The rows as short texts: {@code user: … | system: … => completion / completion}. */
  static List<String> shown(List<Row> rows) {
    return rows.stream().map(Read::shown).toList();
  }

  private static String shown(Row row) {
    if (row instanceof TextRow text) {
      return text.prompt() + " => " + String.join(" / ", text.completions());
    }
    ChatRow chat = (ChatRow) row;
    return shownMessages(chat.prompt())
        + " => "
        + chat.completions().stream().map(Read::shownMessages).collect(Collectors.joining(" / "));
  }

  private static String shownMessages(List<Message> messages) {
    return messages.stream()
        .map(message -> message.role() + ": " + message.content())
        .collect(Collectors.joining(" | "));
  }

  /** Reads a line of JSON in a form, or in the one that its columns tell. */
  static List<Row> line(Path folder, String line, FormSettings settings) {
    try {
      Path file = Files.writeString(folder.resolve("data.jsonl"), line + "\n");
      return all(DataFiles.of(List.of(file)).with(settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
