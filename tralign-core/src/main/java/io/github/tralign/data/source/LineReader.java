package io.github.tralign.data.source;

import io.github.tralign.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file, one at a time.
 *
 * <p>The JDK's readers would lose the line number of invalid bytes, or continue at another
 * position, so lines are split as bytes and decoded one by one.
 */
final class LineReader {

  /** Far above any row, and small enough for the heap if a file has no line ends. */
  private static final int MAX_LINE_BYTES = 64 << 20;

  private final SourceFile file;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private long line;

  LineReader(SourceFile file) {
    this.file = file;
  }

  /** The file and the number of the line that was read last, from 1: {@code data.jsonl:7}. */
  String origin() {
    return file.path() + ":" + line;
  }

  /**
   * The next line without its end, or null after the last one. A byte order mark is skipped.
   *
   * @throws InvalidRecordException if the line is not valid UTF-8, or too long
   * @throws InvalidInputException if the file cannot be read further
   */
  @Nullable String next() throws InvalidRecordException {
    byte[] bytes = nextBytes();
    if (bytes == null) {
      return null;
    }
    int start = line == 1 && startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, bytes.length - start))
          .toString();
    } catch (CharacterCodingException e) {
      refuseCompressed(bytes, Compression.GZIP, 0x1F, 0x8B);
      refuseCompressed(bytes, Compression.ZSTD, 0x28, 0xB5, 0x2F, 0xFD);
      throw new InvalidRecordException(
          InvalidRecordException.Kind.ENCODING, origin(), SourceFile.NO_UTF_8);
    }
  }

  private void refuseCompressed(byte[] bytes, Compression compression, int... magic) {
    if (line == 1 && startsWith(bytes, magic)) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: looks like %s data; the name of a compressed file must end in %s",
              file.path(),
              compression == Compression.GZIP ? "gzip" : "zstd",
              compression.suffix()));
    }
  }

  private byte @Nullable [] nextBytes() throws InvalidRecordException {
    line++; // first, so that an error names the line that could not be read
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean tooLong = false;
    while (fill()) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      tooLong |= bytes.size() + end - position > MAX_LINE_BYTES;
      if (!tooLong) {
        bytes.write(buffer, position, end - position);
      }
      position = Math.min(end + 1, limit);
      if (end < limit) {
        return checked(bytes, tooLong);
      }
    }
    return bytes.size() == 0 ? null : checked(bytes, tooLong);
  }

  private byte[] checked(ByteArrayOutputStream bytes, boolean tooLong)
      throws InvalidRecordException {
    if (tooLong) {
      throw new InvalidRecordException(
          InvalidRecordException.Kind.SYNTAX,
          origin(),
          "longer than 64 MiB; expected one JSON object on each line");
    }
    return bytes.toByteArray();
  }

  private boolean fill() {
    if (position < limit) {
      return true;
    }
    try {
      position = 0;
      limit = file.bytes().read(buffer);
      return limit > 0;
    } catch (IOException e) {
      throw file.unreadable(origin(), e);
    }
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    if (bytes.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((bytes[i] & 0xFF) != start[i]) {
        return false;
      }
    }
    return true;
  }
}
