package io.github.tralign.cli;

import io.github.tralign.file.Reason;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Standard output or error. All text is made {@link Printable}, wherever it comes from; bytes are
 * written as they are. Failures are kept, since {@link PrintStream} does not throw them.
 */
final class Printer extends PrintStream {

  private final Target target;
  private String before = ""; // the end of what was printed

  private Printer(Target target) {
    super(target, true, StandardCharsets.UTF_8);
    this.target = target;
  }

  static Printer on(OutputStream out) {
    return new Printer(new Target(out));
  }

  @Override
  public void print(@Nullable String text) {
    String all = String.valueOf(text);
    super.print(Printable.after(before, all));
    before = all.isEmpty() ? before : all.substring(Math.max(0, all.length() - 2));
  }

  @Override
  public void print(@Nullable Object object) {
    print(String.valueOf(object));
  }

  @Override
  public void print(char[] text) {
    print(String.valueOf(text));
  }

  @Override
  public void print(char c) {
    print(String.valueOf(c));
  }

  /**
   * Makes sure that all that was written has arrived.
   *
   * @throws UncheckedIOException if it has not
   */
  void requireSound() {
    IOException failure = failure();
    if (failure != null) {
      throw new UncheckedIOException(
          "the standard output cannot be written: " + Reason.of(failure), failure);
    }
  }

  /** Whether the reader has closed the pipe, as {@code head} does: not an error. */
  boolean isPipeClosed() {
    IOException failure = failure();
    return failure != null
        && String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
  }

  private @Nullable IOException failure() {
    if (checkError() && target.failure == null) {
      return new IOException("it takes no more");
    }
    return target.failure;
  }

  /** Keeps the first failure. */
  private static final class Target extends FilterOutputStream {
    private @Nullable IOException failure;

    private Target(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }
  }
}
