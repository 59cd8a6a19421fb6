package io.github.tralign.data;

import io.github.tralign.InvalidInputException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a JSONL file, one row at a time; the file is never held in memory.
 *
 * <p>The file is strict UTF-8 with one JSON object a line, compressed with gzip if its name ends in
 * {@code .gz}. A byte order mark, Windows line ends and lines of blanks only are passed over (a
 * blank line is no row). A row is either
 *
 * <ul>
 *   <li>{@code {"prompt": …, "chosen": …, "rejected": …}}, three texts,
 *   <li>{@code {"chosen": …, "rejected": …}}, two whole dialogues that are the same up to and
 *       including their last {@code "\n\nAssistant:"}; what follows it is the completion, or
 *   <li>{@code {"prompt": …, "completion": …, "label": …}}, two texts and whether the completion is
 *       desirable, {@code true} or {@code false}.
 * </ul>
 *
 * <p>A row may have a number {@code weight}, and a pair the numbers {@code margin} and {@code
 * win_probability}; see {@link Judgement}. Further fields are of no matter; a field that is named
 * twice is refused. A completion has at least one character, blanks count. Not safe for use by
 * several threads.
 */
public final class PreferenceFile implements Iterator<TextRow>, AutoCloseable {

  private final Path path;
  private final LineReader lines;
  private final Consumer<RowFault> faults;
  private long rows;
  private @Nullable TextRow next;

  private PreferenceFile(Path path, Consumer<RowFault> faults) {
    this.path = path;
    this.lines = new LineReader(path);
    this.faults = faults;
  }

  /**
   * Opens a file in which every row must be sound: the first one that is not is thrown as an {@link
   * InvalidInputException} when it is reached.
   *
   * @throws InvalidInputException if the file is missing, a folder, empty or not gzip data
   */
  public static PreferenceFile open(Path path) {
    return open(
        path,
        fault -> {
          throw new InvalidInputException(fault.message());
        });
  }

  /**
   * Opens a file whose faulty rows are handed to {@code faults} and passed over. A file that cannot
   * be read to its end is an error still.
   *
   * @throws InvalidInputException if the file is missing, a folder, empty or not gzip data
   */
  public static PreferenceFile open(Path path, Consumer<RowFault> faults) {
    return new PreferenceFile(path, faults);
  }

  /**
   * Whether there is another row; reads up to it.
   *
   * @throws InvalidInputException if the file cannot be read on, or ends without a single row
   */
  @Override
  public boolean hasNext() {
    while (next == null) {
      try {
        String line = lines.next();
        if (line == null) {
          if (rows == 0) {
            throw new InvalidInputException(
                path + ": holds no row; expected one JSON object a line");
          }
          return false;
        }
        if (!line.isBlank()) {
          next = RowParser.parse(line, lines.origin());
          rows++;
        }
      } catch (InvalidRowException e) {
        rows++;
        faults.accept(e.at(lines.origin()));
      }
    }
    return true;
  }

  /** The next row, in the order of the file; its origin is the file and line. */
  @Override
  public TextRow next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException(path + " has no further row");
    }
    TextRow row = next;
    next = null;
    return row;
  }

  /** Rows read so far, faulty ones included. */
  public long rows() {
    return rows;
  }

  /**
   * SHA-256 of the file's bytes as they are stored (compressed, if they are), in hex. Reads the
   * file to its end: no rows follow a call.
   */
  public String sha256() {
    return lines.sha256();
  }

  @Override
  public void close() {
    lines.close();
  }
}
