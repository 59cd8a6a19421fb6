package io.github.tralign.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a command has computed so far, in the order in which they were: a line each, written as
 * soon as the row is there. A command that was killed finds them again; a line that was only partly
 * written is dropped. The first line says what the rows belong to. A row has an {@code index} and a
 * {@code sample}, which are 0 if they are missing. Not thread-safe.
 */
public final class PartialFile implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OWNER = "rows-of";

  private final Path file;
  private final LockedFile locked;
  private final FileChannel channel;
  private final TreeMap<Long, Place> places = new TreeMap<>(); // by row and sample

  private int lines; // complete ones

  private record Place(long offset, int length, int line) {}

  private PartialFile(Path file, LockedFile locked) {
    this.file = file;
    this.locked = locked;
    this.channel = locked.channel();
  }

  /**
   * Opens the file, or makes it.
   *
   * @param owner identifies what the rows depend on
   * @throws InvalidInputException if it has rows of something else, or another process writes it
   */
  public static PartialFile open(Path file, String owner) {
    try {
      LockedFile locked =
          LockedFile.open(file)
              .orElseThrow(
                  () -> new InvalidInputException(file + ": another process is writing this file"));
      PartialFile partial = new PartialFile(file, locked);
      try {
        partial.read(owner);
        return partial;
      } catch (IOException | RuntimeException e) {
        locked.close();
        throw e;
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private void read(String owner) throws IOException {
    byte[] bytes = bytes();
    ObjectNode first = JSON.createObjectNode().put(OWNER, owner);
    int from = 0;
    for (int end = lineEnd(bytes, 0); end >= 0; end = lineEnd(bytes, from)) {
      String line = new String(bytes, from, end - from, StandardCharsets.UTF_8);
      lines++;
      JsonNode row = parse(line);
      if (from == 0 && !row.path(OWNER).asText().equals(owner)) {
        throw new InvalidInputException(
            file
                + ": has rows of a command with another model, other prompts or other settings;"
                + " delete it to begin again, or choose another --output");
      }
      if (from > 0) {
        places.put(key(row), new Place(from, end - from, lines));
      }
      from = end + 1;
    }
    if (from == 0 && !first.toString().startsWith(new String(bytes, StandardCharsets.UTF_8))) {
      throw damaged(1, "is not of this command", null);
    }
    channel.truncate(from).position(from);
    if (from == 0) {
      append(first);
    }
  }

  private byte[] bytes() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (bytes.hasRemaining()) {
      readSome(bytes, bytes.position());
    }
    return bytes.array();
  }

  private void readSome(ByteBuffer into, long offset) throws IOException {
    if (channel.read(into, offset) < 0) {
      throw new IOException("it has become shorter");
    }
  }

  private static int lineEnd(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private JsonNode parse(String line) {
    try {
      JsonNode row = JSON.readTree(line);
      if (row.isObject()) {
        return row;
      }
      throw damaged(lines, "is not an object", null);
    } catch (JsonProcessingException e) {
      throw damaged(lines, "is not JSON", e);
    }
  }

  private InvalidInputException damaged(int line, String what, @Nullable Exception cause) {
    return new InvalidInputException(
        file
            + ": is damaged; delete it to begin again, or choose another --output (line "
            + line
            + " "
            + what
            + ")",
        cause);
  }

  private static long key(JsonNode row) {
    return key(row.path("index").asInt(), row.path("sample").asInt());
  }

  private static long key(int index, int sample) {
    return (long) index << 32 | sample;
  }

  /** The number of rows. */
  public int size() {
    return places.size();
  }

  /** Whether the row of this {@code index} and {@code sample} is there. */
  public boolean has(int index, int sample) {
    return places.containsKey(key(index, sample));
  }

  /** Adds a row with its {@code index} and {@code sample}. */
  public void add(ObjectNode row) {
    try {
      places.put(key(row), append(row));
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private Place append(ObjectNode row) throws IOException {
    byte[] line = (row + "\n").getBytes(StandardCharsets.UTF_8);
    long offset = channel.position();
    AtomicFile.writeFully(channel, ByteBuffer.wrap(line));
    return new Place(offset, line.length - 1, ++lines);
  }

  /**
   * Passes on all rows, by index and sample.
   *
   * @param use throws an IllegalArgumentException, such as "has no index", about a row that this
   *     command cannot have written
   * @throws InvalidInputException in that case, naming the line
   */
  public void forEach(Consumer<ObjectNode> use) {
    for (Place place : places.values()) {
      try {
        ByteBuffer line = ByteBuffer.allocate(place.length());
        while (line.hasRemaining()) {
          readSome(line, place.offset() + line.position());
        }
        use.accept((ObjectNode) JSON.readTree(line.array()));
      } catch (IllegalArgumentException e) {
        throw damaged(place.line(), String.valueOf(e.getMessage()), e);
      } catch (IOException e) {
        throw failure(file, e);
      }
    }
  }

  /** Deletes the file, whose rows are needed no longer. */
  public void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public void close() {
    try {
      locked.close();
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static UncheckedIOException failure(Path file, IOException e) {
    return new UncheckedIOException(file + ": cannot be written: " + Reason.of(e), e);
  }
}
