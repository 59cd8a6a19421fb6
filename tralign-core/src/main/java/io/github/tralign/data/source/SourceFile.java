package io.github.tralign.data.source;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;

/** An open file: its content, decompressed by its suffix, and the hash of its bytes as stored. */
final class SourceFile implements AutoCloseable {

  static final String NO_UTF_8 = "not valid UTF-8; save the file as UTF-8 text";

  private final Path path;
  private final Compression compression;
  private final DigestInputStream raw;
  private final InputStream content;

  /**
   * Opens a file.
   *
   * @throws InvalidInputException if it is missing, a folder, empty or not compressed as its suffix
   *     says
   */
  SourceFile(Path path) {
    this.path = path;
    this.compression = Compression.of(path);
    this.raw = openRaw(path);
    try {
      this.content = compression.open(raw);
    } catch (IOException e) {
      close();
      throw unreadable(path.toString(), e);
    }
  }

  /**
   * A stream that can be read once, such as the standard input.
   *
   * @param name for messages
   */
  SourceFile(String name, InputStream content) {
    this.path = Path.of(name);
    this.compression = Compression.NONE;
    this.raw = new DigestInputStream(content, sha256Digest());
    this.content = raw;
  }

  Path path() {
    return path;
  }

  InputStream bytes() {
    return content;
  }

  /** The content as text. */
  Utf8Reader text() {
    return new Utf8Reader(content);
  }

  /**
   * Checks a record of the {@link #text}, after which reading can continue.
   *
   * @param end of the record, in characters
   * @param which follows the line number in messages
   * @throws InvalidRecordException if it contains bytes that are not valid UTF-8
   */
  void requireUtf8(Utf8Reader text, long end, String which) throws InvalidRecordException {
    OptionalLong line = text.faultBefore(end);
    if (line.isPresent()) {
      throw new InvalidRecordException(
          InvalidRecordException.Kind.ENCODING, path + ":" + line.getAsLong() + which, NO_UTF_8);
    }
  }

  /**
   * Checks whether invalid bytes are the reason why a text cannot be parsed.
   *
   * @throws InvalidInputException if bytes that were read are not valid UTF-8
   */
  void requireUtf8(Utf8Reader text) {
    text.faultBefore(Long.MAX_VALUE)
        .ifPresent(
            line -> {
              throw new InvalidInputException(path + ":" + line + ": " + NO_UTF_8);
            });
  }

  /** SHA-256 of the file's bytes as stored, in hex. Reads the rest of the file. */
  String sha256() {
    try {
      raw.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
    return HexFormat.of().formatHex(raw.getMessageDigest().digest());
  }

  /** The exception for a failure of the content. */
  InvalidInputException unreadable(String origin, IOException e) {
    return new InvalidInputException(origin + ": " + compression.explain(e), e);
  }

  @Override
  public void close() {
    try {
      raw.close();
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  /**
   * Checks that a file can be read repeatedly. A pipe can be read only once, and blocks until
   * somebody writes.
   *
   * @throws InvalidInputException if it is a folder, a pipe or a device
   */
  static void requireRegular(Path path) {
    if (Files.isDirectory(path)) {
      throw new InvalidInputException(path + ": is a folder; expected a file");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new InvalidInputException(
          path
              + ": is a pipe or a device; expected a regular file, since data is read several times");
    }
  }

  private static DigestInputStream openRaw(Path path) {
    requireRegular(path);
    try {
      if (Files.size(path) == 0) {
        throw new InvalidInputException(path + ": the file is empty");
      }
      return new DigestInputStream(Files.newInputStream(path), sha256Digest());
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(path + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new InvalidInputException(path + ": cannot be read (permission denied)", e);
    } catch (IOException e) {
      throw new InvalidInputException(path + ": cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  private static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
