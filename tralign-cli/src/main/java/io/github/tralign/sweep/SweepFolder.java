package io.github.tralign.sweep;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a sweep. */
public record SweepFolder(Path path) {

  static final String START = "start";
  static final String JUDGE = "judge";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The rows of all runs. */
  public Path runs() {
    return path.resolve("runs.csv");
  }

  /** Start and judge of each seed. */
  Path seeds() {
    return path.resolve("seeds.csv");
  }

  /** The judge of a seed. */
  Path judge(long seed) {
    return path.resolve("judge-" + seed);
  }

  Path answers() {
    return path.resolve("answers");
  }

  /**
   * Writes answers in a form that {@code judge} reads.
   *
   * @param policy that gave them
   * @throws IOException if the folder cannot be made
   */
  void writeAnswers(String name, String policy, List<SweepAnswer> answers) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (SweepAnswer answer : answers) {
      lines
          .append(
              JSON.createObjectNode()
                  .put("instruction", answer.instruction())
                  .put("output", answer.text())
                  .put("generator", policy)
                  .put("tokens", answer.tokens())
                  .put("finish", answer.ended() ? "stop" : "length"))
          .append('\n');
    }
    Files.createDirectories(answers());
    AtomicFile.writeString(answers().resolve(name), lines.toString());
  }
}
