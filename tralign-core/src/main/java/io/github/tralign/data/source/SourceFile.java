package io.github.tralign.data.source;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
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

/** An open file: its content, decompressed by its suffix, and the hash of its bytes as stored. */
final class SourceFile implements AutoCloseable {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Path path;
  private final Compression compression;
  private final DigestInputStream raw;
  private final InputStream content;

  /**
   * Opens a file.
   *
   * @throws InvalidInputException if it is missing, a folder, empty or not compressed as its name
   *     tells
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

  Path path() {
    return path;
  }

  InputStream bytes() {
    return content;
  }

  /** The content as strict UTF-8 without a byte order mark. */
  Reader text() {
    Reader text =
        new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8.newDecoder()));
    try {
      text.mark(1);
      if (text.read() != BYTE_ORDER_MARK) {
        text.reset();
      }
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
    return text;
  }

  /** SHA-256 of the file's bytes as stored, in hex. Reads what is left of the file. */
  String sha256() {
    try {
      raw.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
    return HexFormat.of().formatHex(raw.getMessageDigest().digest());
  }

  /** A failure of the content, in a person's words. */
  InvalidInputException unreadable(String origin, IOException e) {
    String what =
        e instanceof CharacterCodingException
            ? "not valid UTF-8; save the file as UTF-8 text"
            : compression.explain(e);
    return new InvalidInputException(origin + ": " + what, e);
  }

  @Override
  public void close() {
    try {
      raw.close();
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  private static DigestInputStream openRaw(Path path) {
    if (Files.isDirectory(path)) {
      throw new InvalidInputException(path + ": is a folder; expected a file");
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
      throw new InvalidInputException(path + ": cannot be read (" + Reason.of(e) + ")", e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
