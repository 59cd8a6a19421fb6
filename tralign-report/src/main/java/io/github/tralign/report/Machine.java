package io.github.tralign.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The machine and software that this process runs on, as far as the system provides it. */
public final class Machine {

  private Machine() {}

  /** The version of tralign's jar, or {@code development}. */
  public static String version() {
    String version = Machine.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Name and version of the operating system. */
  public static String operatingSystem() {
    return System.getProperty("os.name") + " " + System.getProperty("os.version");
  }

  /** Name and number of cores of the processor. */
  public static String processor() {
    return field("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"))
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores";
  }

  /**
   * The peak resident memory of this process, in bytes; empty where the system does not provide it.
   */
  public static OptionalLong peakMemory() {
    return field("/proc/self/status", "VmHWM")
        .map(text -> text.toLowerCase(Locale.ROOT).replace("kb", "").strip())
        .map(kib -> OptionalLong.of(1024 * Long.parseLong(kib)))
        .orElse(OptionalLong.empty());
  }

  private static Optional<String> field(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // not Linux
    }
  }
}
