package io.github.tralign.data;

import io.github.tralign.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file, plain or (by its suffix {@code .gz}) compressed, one at a time, and
 * the hash of the bytes that the file consists of.
 *
 * <p>A reader of the JDK would replace bad bytes or lose the line number, so the lines are cut on
 * the bytes and decoded one by one.
 */
final class LineReader implements AutoCloseable {

  /** Far above any row, and far below what would exhaust the heap on a file without line ends. */
  static final int MAX_LINE_BYTES = 64 << 20;

  private final Path path;
  private final DigestInputStream raw;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private long line;

  LineReader(Path path) {
    this.path = path;
    this.raw = openRaw(path);
    try {
      this.in = isGzip() ? new GZIPInputStream(raw, 1 << 16) : raw;
    } catch (IOException e) {
      close();
      throw unreadable(e);
    }
  }

  /** The file and the number of the line that was read last, from 1: {@code data.jsonl:7}. */
  String origin() {
    return path + ":" + line;
  }

  /**
   * The next line without its end, or null after the last one. A byte order mark is left out.
   *
   * @throws InvalidRowException if the line is not valid UTF-8; the next call goes on behind it
   * @throws InvalidInputException if the file cannot be read on
   */
  @Nullable String next() throws InvalidRowException {
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
      if (line == 1 && startsWith(bytes, 0x1F, 0x8B)) {
        throw new InvalidInputException(
            path + ": looks like gzip data; the name of a compressed file must end in .gz", e);
      }
      throw new InvalidRowException(
          DropReason.ENCODING, "not valid UTF-8; save the file as UTF-8 text");
    }
  }

  /** SHA-256 of the file's bytes as stored, in hex. Reads what is left of the file. */
  String sha256() {
    try {
      raw.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw unreadable(e);
    }
    return HexFormat.of().formatHex(raw.getMessageDigest().digest());
  }

  @Override
  public void close() {
    try {
      raw.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private byte @Nullable [] nextBytes() {
    line++; // first, so that a failure names the line that could not be read
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (fill()) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      bytes.write(buffer, position, end - position);
      if (end < limit) {
        position = end + 1;
        return bytes.toByteArray();
      }
      position = end;
      if (bytes.size() > MAX_LINE_BYTES) {
        throw new InvalidInputException(
            origin() + ": longer than 64 MiB; expected one JSON object on each line");
      }
    }
    return bytes.size() == 0 ? null : bytes.toByteArray();
  }

  private boolean fill() {
    if (position < limit) {
      return true;
    }
    try {
      position = 0;
      limit = in.read(buffer);
      return limit > 0;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private boolean isGzip() {
    return path.toString().endsWith(".gz");
  }

  private InvalidInputException unreadable(IOException e) {
    String where = line == 0 ? path.toString() : origin();
    String what;
    if (isGzip() && e instanceof EOFException) {
      what = "the gzip data ends before its end mark; the file is truncated";
    } else if (isGzip() && e instanceof ZipException) {
      what =
          line == 0
              ? "not gzip data, though its name ends in .gz"
              : "the gzip data is damaged (" + e.getMessage() + ")";
    } else {
      what = "cannot be read (" + e.getMessage() + ")";
    }
    return new InvalidInputException(where + ": " + what, e);
  }

  private static DigestInputStream openRaw(Path path) {
    if (Files.isDirectory(path)) {
      throw new InvalidInputException(path + ": is a folder; expected a JSONL file");
    }
    try {
      if (Files.size(path) == 0 && Files.isRegularFile(path)) {
        throw new InvalidInputException(path + ": the file is empty");
      }
      return new DigestInputStream(
          Files.newInputStream(path), MessageDigest.getInstance("SHA-256"));
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(path + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new InvalidInputException(path + ": may not be read (permission denied)", e);
    } catch (IOException e) {
      throw new InvalidInputException(path + ": cannot be read (" + e.getMessage() + ")", e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
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
