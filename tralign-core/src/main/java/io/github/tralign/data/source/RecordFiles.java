package io.github.tralign.data.source;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import io.github.tralign.text.HubName;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Opens data files, each in the format given by its suffix. */
public final class RecordFiles {

  private static final int LOOK_AHEAD = 4096; // bytes
  private static final String PARQUET = ".parquet";

  private static final ImmutableList<RecordFormat> FORMATS =
      Stream.concat(
              Stream.of(new JsonLines(), new JsonValues(), new Csv()),
              ServiceLoader.load(RecordFormat.class, RecordFormat.class.getClassLoader()).stream()
                  .map(ServiceLoader.Provider::get))
          .collect(ImmutableList.toImmutableList());

  private RecordFiles() {}

  /**
   * Opens a file.
   *
   * @throws InvalidInputException if it cannot be opened, or its suffix is unknown
   */
  public static RecordReader open(Path file) {
    return FORMATS.stream()
        .filter(format -> isOf(format, file))
        .findFirst()
        .orElseThrow(() -> unknown(file))
        .open(file);
  }

  /** Whether the suffix of a file's name is that of a data file. */
  public static boolean isDataFile(Path file) {
    requireNonNull(file, "file");
    return FORMATS.stream().anyMatch(format -> isOf(format, file));
  }

  /**
   * Opens a text file: each line that is not blank is a record with one field.
   *
   * @param field the name of the field
   * @throws InvalidInputException if it cannot be opened
   */
  public static RecordReader openText(Path file, String field) {
    requireNonNull(file, "file");
    requireNonNull(field, "field");
    return new TextLines(new SourceFile(file), field);
  }

  /**
   * Reads a stream, such as the standard input: JSON lines if its first character that is not blank
   * is a brace, else text as {@link #openText} does.
   *
   * @param name the name of the stream in messages
   */
  public static RecordReader openStream(InputStream content, String name, String field) {
    requireNonNull(name, "name");
    requireNonNull(field, "field");
    BufferedInputStream buffered = new BufferedInputStream(requireNonNull(content, "content"));
    SourceFile file = new SourceFile(name, buffered);
    try {
      return beginsWithBrace(buffered) ? JsonLines.of(file) : new TextLines(file, field);
    } catch (IOException e) {
      throw file.unreadable(name, e);
    }
  }

  private static boolean beginsWithBrace(BufferedInputStream content) throws IOException {
    content.mark(LOOK_AHEAD);
    for (int i = 0; i < LOOK_AHEAD; i++) {
      int next = content.read();
      boolean skipped =
          next == 0xEF || next == 0xBB || next == 0xBF || next >= 0 && next <= ' '; // a mark
      if (!skipped) {
        content.reset();
        return next == '{';
      }
    }
    content.reset();
    return false;
  }

  /**
   * The files to read for a path: a file itself; for a folder its files with known suffixes, sorted
   * by name, without sub-folders. Names that begin with a dot or an underscore are skipped.
   *
   * @throws InvalidInputException if there is none, or the folder cannot be listed
   */
  public static ImmutableList<Path> expand(Path fileOrFolder) {
    requireNonNull(fileOrFolder, "fileOrFolder");
    if (!Files.isDirectory(fileOrFolder)) {
      return ImmutableList.of(fileOrFolder);
    }
    try (Stream<Path> files = Files.list(fileOrFolder)) {
      ImmutableList<Path> shards =
          files
              .filter(file -> !file.getFileName().toString().matches("[._].*"))
              .filter(file -> FORMATS.stream().anyMatch(format -> isOf(format, file)))
              .filter(Files::isRegularFile)
              .sorted()
              .collect(ImmutableList.toImmutableList());
      if (shards.isEmpty()) {
        throw new InvalidInputException(
            fileOrFolder + ": the folder contains no data file; known suffixes: " + known());
      }
      return shards;
    } catch (IOException e) {
      throw new InvalidInputException(
          fileOrFolder + ": the folder cannot be listed (" + Reason.of(e) + ")", e);
    }
  }

  private static boolean isOf(RecordFormat format, Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (format.compressible()) {
      name = name.substring(0, name.length() - Compression.of(file).suffix().length());
    }
    return format.suffixes().stream().anyMatch(name::endsWith);
  }

  private static InvalidInputException unknown(Path file) {
    if (!Files.exists(file)) {
      return new InvalidInputException(file + ": no such file" + HubName.dataHint(file));
    }
    String hint =
        file.toString().endsWith(PARQUET)
            ? "; Parquet requires the module tralign-parquet, which is missing"
            : "";
    return new InvalidInputException(file + ": unknown suffix; known: " + known() + hint);
  }

  private static String known() {
    return suffixes(true)
        + " (these also with .gz or .zst appended)"
        + suffixes(false).replaceFirst("^(?=.)", ", ");
  }

  private static String suffixes(boolean compressible) {
    return FORMATS.stream()
        .filter(it -> it.compressible() == compressible)
        .flatMap(it -> it.suffixes().stream())
        .collect(Collectors.joining(", "));
  }
}
