package io.github.tralign.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The terminal, if there is one. */
final class Terminal {

  private static final int COLUMNS = 80;
  private static final int LEAST_COLUMNS = 20;

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

  /** The current width, if the shell or the terminal reports it. */
  static int columns() {
    String columns = System.getenv("COLUMNS"); // few shells pass it on
    try {
      return Math.max(LEAST_COLUMNS, Integer.parseInt(columns == null ? asked() : columns));
    } catch (IOException | NumberFormatException e) {
      return COLUMNS;
    }
  }

  /** Java has no way to ask, but every Unix has a program. */
  private static String asked() throws IOException {
    Process stty =
        new ProcessBuilder("stty", "size") // such as 24 80
            .redirectInput(new File("/dev/tty"))
            .redirectError(Redirect.DISCARD)
            .start();
    try (BufferedReader answer = stty.inputReader(StandardCharsets.US_ASCII)) {
      String size = String.valueOf(answer.readLine());
      return size.substring(size.indexOf(' ') + 1);
    }
  }
}
