package io.github.tralign.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scores rows without a model: the hash of each row's text, as lines where {@code logps} writes
 * Parquet. Rows with the word "drop" are left out. With {@code --fail-once FILE}, the first process
 * that sees the word "fail" stops half-way; with {@code --kill-executor}, by killing the executor.
 */
public final class ScoreProgram {

  private ScoreProgram() {}

  public static void main(String[] args) throws Exception {
    List<String> arguments = Arrays.asList(args);
    List<String> rows = Files.readAllLines(Path.of(option(arguments, "--data")));
    Path output = Path.of(option(arguments, "--output"));
    long first = Long.parseLong(option(arguments, "--first-index"));
    List<String> scores = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      String text = rows.get(row);
      if (text.contains("fail") && arguments.contains("--fail-once")) {
        Path marker = Path.of(option(arguments, "--fail-once"));
        if (Files.notExists(marker)) {
          Files.createFile(marker);
          Files.write(output, scores);
          if (arguments.contains("--kill-executor")) {
            long executor = ProcessHandle.current().parent().orElseThrow().pid();
            new ProcessBuilder("kill", "-9", "" + executor).start().waitFor();
            Thread.sleep(120_000); // its guard ends it
          }
          System.out.println("error: stops at row " + row);
          System.exit(3);
        }
      }
      if (!text.contains("drop")) {
        scores.add("{\"index\":" + (first + row) + ",\"hash\":" + text.hashCode() + "}");
      }
    }
    Files.write(output, scores);
  }

  static WorkerCommand command(String... arguments) {
    return WorkerCommand.java(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"),
        System.getProperty("tralign.test.classes", "target/test-classes"),
        ScoreProgram.class.getName(),
        List.of(arguments));
  }

  /** The arguments for all rows of a file. */
  static String[] alone(Path rows, Path output) {
    return new String[] {
      "--data", rows.toString(), "--output", output.toString(), "--first-index", "0"
    };
  }

  private static String option(List<String> arguments, String name) {
    return arguments.get(arguments.indexOf(name) + 1);
  }
}
