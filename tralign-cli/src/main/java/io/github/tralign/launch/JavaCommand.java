package io.github.tralign.launch;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line that starts another process like this one. */
final class JavaCommand {

  private JavaCommand() {}

  /**
   * The same Java with the same options and class path.
   *
   * @param main the class to start
   * @param args its arguments
   */
  static List<String> like(String main, List<String> args) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.contains("jdwp")) { // a debugger's port is taken
        words.add(option);
      }
    }
    words.add("-cp");
    words.add(System.getProperty("java.class.path"));
    words.add(main);
    words.addAll(args);
    return words;
  }
}
