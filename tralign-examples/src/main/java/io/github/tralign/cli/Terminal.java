package io.github.tralign.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a person sits in front of. */
final class Terminal {

  private Terminal() {}

  /** Whether the standard error is shown on a terminal that can write over a line. */
  static boolean isStandardError() {
    return isTerminal(2);
  }

  /** Whether results are shown on a terminal that can show colours, and they are not unwanted. */
  static boolean takesColours() {
    return System.getenv("NO_COLOR") == null && isTerminal(1);
  }

  private static boolean isTerminal(int number) {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    Path descriptor = Path.of("/proc/self/fd/" + number);
    try {
      // Java tells about input and output together only, and before Java 22 not even that.
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return hasConsole(); // not Linux
    }
  }

  /** Since Java 22 there is a console in any case, and it has to be asked what it is. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // before Java 22
    }
  }

  /** The width, if the shell tells it. */
  static int columns(int otherwise) {
    try {
      String columns = System.getenv("COLUMNS");
      return columns == null ? otherwise : Math.max(40, Integer.parseInt(columns));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
