package io.github.tralign.spark;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.Serializable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The command of a worker process. Its paths are those of the machines that run executors.
 *
 * @param start the words that start the program; {@code {java}} stands for the Java that runs the
 *     executor, {@code {classpath}} before a class path for this module's jar
 * @param arguments the program's arguments; the launcher adds further ones at the end
 * @param environment variables that are set for the process, beside those of the executor
 * @param folder the working folder; empty for the executor's
 */
public record WorkerCommand(
    List<String> start, List<String> arguments, Map<String, String> environment, String folder)
    implements Serializable {

  private static final String JAVA = "{java}";
  private static final String CLASS_PATH = "{classpath}";

  /** What {@code ./tralign} sets: see its comments, and docs/performance.md. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "THP_MEM_ALLOC_ENABLE", "1",
          "MALLOC_MMAP_THRESHOLD_", "4294967296",
          "MALLOC_TRIM_THRESHOLD_", "17179869184",
          "OPT_OUT_TRACKING", "true");

  private static final List<String> JAVA_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms32m",
          "--enable-native-access=ALL-UNNAMED",
          "-Dfile.encoding=UTF-8",
          "-Djava.awt.headless=true",
          "-Dai.djl.offline=true");

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException if there are no words to start
   */
  public WorkerCommand {
    start = List.copyOf(requireNonNull(start, "start"));
    arguments = List.copyOf(requireNonNull(arguments, "arguments"));
    environment = Map.copyOf(requireNonNull(environment, "environment"));
    requireNonNull(folder, "folder");
    if (start.isEmpty()) {
      throw new IllegalArgumentException("start: a command needs at least the name of a program");
    }
  }

  /** A program with its arguments. Should the executor die, nothing ends such a process. */
  public static WorkerCommand of(List<String> start, List<String> arguments) {
    return new WorkerCommand(start, arguments, Map.of(), "");
  }

  /**
   * A Java program. Its process ends when the executor does, however that ends.
   *
   * @param options options for Java
   * @param classPath the program's class path
   * @param mainClass a class with {@code public static void main(String[])}
   */
  public static WorkerCommand java(
      List<String> options, String classPath, String mainClass, List<String> arguments) {
    List<String> start = new ArrayList<>();
    start.add(JAVA);
    start.addAll(requireNonNull(options, "options"));
    start.add("-cp");
    start.add(CLASS_PATH + requireNonNull(classPath, "classPath"));
    start.add(GuardedMain.class.getName());
    start.add(requireNonNull(mainClass, "mainClass"));
    return of(start, arguments);
  }

  /**
   * tralign's command line.
   *
   * @param release the folder with {@code tralign.jar} and {@code lib}, on every machine
   * @param arguments such as {@code train --policy … --output …}
   */
  public static WorkerCommand tralign(String release, List<String> arguments) {
    return java(
        JAVA_OPTIONS,
        requireNonNull(release, "release") + "/tralign.jar",
        "io.github.tralign.cli.Main",
        arguments);
  }

  /** The same with further options for Java, such as {@code -Xmx4g}, if it is a Java program. */
  public WorkerCommand javaOptions(List<String> options) {
    if (!start.get(0).equals(JAVA)) {
      throw new IllegalArgumentException("javaOptions: not a Java program: " + start.get(0));
    }
    List<String> longer = new ArrayList<>(start);
    longer.addAll(longer.indexOf("-cp"), requireNonNull(options, "options"));
    return new WorkerCommand(longer, arguments, environment, folder);
  }

  /** The same with further arguments at the end. */
  public WorkerCommand plus(List<String> more) {
    List<String> longer = new ArrayList<>(arguments);
    longer.addAll(requireNonNull(more, "more"));
    return new WorkerCommand(start, longer, environment, folder);
  }

  /** The same with another variable, which takes precedence over the executor's. */
  public WorkerCommand environment(String name, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
    return new WorkerCommand(start, arguments, more, folder);
  }

  /** The same with another working folder. */
  public WorkerCommand folder(String folder) {
    return new WorkerCommand(start, arguments, environment, folder);
  }

  /** The process on this machine, which is an executor's. */
  ProcessBuilder process() {
    List<String> words = new ArrayList<>();
    for (String word : start) {
      if (word.equals(JAVA)) {
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      } else if (word.startsWith(CLASS_PATH)) {
        String classPath = word.substring(CLASS_PATH.length());
        requireThere(classPath);
        words.add(ownJar() + File.pathSeparator + classPath);
      } else {
        words.add(word);
      }
    }
    words.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(words).redirectErrorStream(true);
    DEFAULTS.forEach(process.environment()::putIfAbsent);
    process.environment().putAll(environment);
    if (!folder.isEmpty()) {
      process.directory(new File(folder));
    }
    return process;
  }

  private static void requireThere(String classPath) {
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (!entry.endsWith("*") && !entry.isEmpty() && !Files.exists(Path.of(entry))) {
        throw new IllegalStateException(entry + " does not exist on this machine");
      }
    }
  }

  private static Path ownJar() {
    try {
      return Path.of(
          WorkerCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the jar of tralign-spark cannot be located", e);
    }
  }
}
