package io.github.tralign.figure;

import static java.util.stream.Collectors.joining;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A CSV file with a head, to which rows of numbers and plain words are added at its end. */
public final class CsvFile {

  private static final String BOM = "\ufeff"; // spreadsheets put it before a text

  private final Path file;
  private final List<String> columns;

  /** A file, which need not be there yet, with the names of its columns. */
  public CsvFile(Path file, List<String> columns) {
    this.file = file;
    this.columns = List.copyOf(columns);
  }

  /**
   * The lines below the head; none if there is no such file. A last line without an end was cut
   * short and is left out.
   *
   * @throws InvalidInputException if it cannot be read, has other columns or an incomplete line
   */
  public List<CsvCells> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = text();
    String head = String.join(",", columns);
    if (!text.lines().findFirst().orElse(head).equals(head)) {
      throw new InvalidInputException(
          file + ":1: has other columns than this version writes, which are " + head);
    }
    List<String> whole = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    List<CsvCells> lines = new ArrayList<>();
    for (int i = 1; i < whole.size(); i++) {
      lines.add(new CsvCells(columns, whole.get(i), file + ":" + (i + 1)));
    }
    return lines;
  }

  private String text() {
    try {
      String text = Files.readString(file);
      return text.startsWith(BOM) ? text.substring(BOM.length()) : text;
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** Replaces the file by one with these lines. */
  public void rewrite(List<String> lines) {
    StringBuilder text = new StringBuilder(String.join(",", columns)).append('\n');
    lines.forEach(line -> text.append(line).append('\n'));
    AtomicFile.writeString(file, text.toString());
  }

  /**
   * Adds lines to a file that is there.
   *
   * @throws IOException if it cannot be written
   */
  public void append(List<String> lines) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      String text = String.join("\n", lines) + "\n";
      AtomicFile.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** A line; doubles have nine significant digits. */
  public static String line(List<?> cells) {
    return cells.stream().map(CsvFile::cell).collect(joining(","));
  }

  private static String cell(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.9g", number)
        : value.toString();
  }
}
