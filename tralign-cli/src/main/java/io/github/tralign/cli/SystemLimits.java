package io.github.tralign.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the system keeps from this process: often the reason of a failure that does not say so. */
final class SystemLimits {

  private static final int NEAR = 8; // files, some of which were closed by the failure
  private static final Pattern ADDRESS_SPACE = Pattern.compile("Max address space +(\\d+) ");

  private SystemLimits() {}

  /** Limits that the process has come to, as sentences that follow a message; empty for none. */
  static String reached() {
    long open = 0;
    long most = Long.MAX_VALUE;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      open = unix.getOpenFileDescriptorCount();
      most = unix.getMaxFileDescriptorCount();
    }
    String limits = "";
    try {
      limits = Files.readString(Path.of("/proc/self/limits"));
    } catch (IOException e) {
      // Not Linux, or no file can be opened any more.
    }
    return reached(open, most, limits);
  }

  /**
   * The same of certain figures.
   *
   * @param open files, of {@code most}
   * @param limits as Linux writes them
   */
  static String reached(long open, long most, String limits) {
    StringBuilder reached = new StringBuilder();
    if (open >= most - NEAR) {
      reached.append(
          String.format(
              Locale.ROOT,
              "; %d of the %d files are open that the process may have (ulimit -n)",
              open,
              most));
    }
    Matcher space = ADDRESS_SPACE.matcher(limits);
    if (space.find()) {
      reached.append(
          String.format(
              Locale.ROOT,
              "; the process may take %d MiB of address space only (ulimit -v)",
              Long.parseLong(space.group(1)) >> 20));
    }
    return reached.toString();
  }
}
