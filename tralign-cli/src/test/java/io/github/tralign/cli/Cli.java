package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs the command line, and knows the checkpoints and rows to run it on. */
final class Cli {

  /** Tiny checkpoints, their rows and their numbers, among the engine's tests. */
  private static final Path GOLDEN =
      Path.of("../tralign-djl/src/test/resources/io/github/tralign/djl/golden");

  static final Path NEOX = GOLDEN.resolve("neox");
  static final Path LLAMA = GOLDEN.resolve("llama");

  /** An adapter of {@link #LLAMA} that PEFT saved. */
  static final Path ADAPTER = GOLDEN.resolve("adapters/plain");

  static final Path ROWS = GOLDEN.resolve("rows.jsonl");
  static final Path LOGPS = GOLDEN.resolve("logps.json");

  /** Java's options for a process that lives for seconds. */
  static final List<String> BRIEF = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private Cli() {}

  /** What a person sees of a command. */
  record Outcome(int code, String out, String err) {}

  /** In this process. */
  static Outcome run(Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(words(args), out, err);
    return new Outcome(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  /**
   * A command that trains the tiny GPT-NeoX on the golden rows with one thread, and more options.
   */
  static Object[] training(String command, Path output, Object... more) {
    Object[] common = {
      command, "--policy", NEOX, "--data", ROWS, "--output", output, "--threads", 1
    };
    return Stream.of(common, more).flatMap(Stream::of).toArray();
  }

  /** In a process of its own, as the launcher does. */
  static Outcome process(Path folder, Object... args) throws IOException, InterruptedException {
    int code = start(folder, args).waitFor();
    return new Outcome(
        code,
        Files.readString(folder.resolve("stdout")),
        Files.readString(folder.resolve("stderr")));
  }

  /** The same without waiting; {@code stdout} and {@code stderr} are in the folder. */
  static Process start(Path folder, Object... args) throws IOException {
    return new ProcessBuilder(command(args))
        .redirectOutput(folder.resolve("stdout").toFile())
        .redirectError(folder.resolve("stderr").toFile())
        .start();
  }

  /**
   * The words that start it, with the launcher's leave for native code, about which newer JDKs
   * warn, and what makes a short process faster.
   */
  static List<String> command(Object... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(BRIEF);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(words(args)));
    return command;
  }

  /** Copies a folder of files, to be damaged. */
  static Path copy(Path folder, Path to) {
    try (Stream<Path> files = Files.list(folder)) {
      Files.createDirectories(to);
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] words(Object... args) {
    return Stream.of(args).map(Object::toString).toArray(String[]::new);
  }
}
