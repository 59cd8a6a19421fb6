package io.github.tralign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process holds, as far as the system tells: Linux does, elsewhere all is 0. */
public final class Footprint {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path HANDLES = Path.of("/proc/self/fd");

  private Footprint() {}

  /** Resident memory in KiB. */
  public static long residentKib() {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Open files, pipes and sockets, the one that counts them included. */
  public static long openHandles() {
    if (!Files.exists(HANDLES)) {
      return 0;
    }
    try (Stream<Path> handles = Files.list(HANDLES)) {
      return handles.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
