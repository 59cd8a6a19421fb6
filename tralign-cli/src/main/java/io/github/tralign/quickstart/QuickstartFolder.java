package io.github.tralign.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a quickstart.
 *
 * @param root the folder's path
 */
record QuickstartFolder(Path root) {

  /** Written first; marks a folder that a later quickstart may replace. */
  private static final String MARK = "quickstart.json";

  /** What a quickstart writes and replaces. Other files, such as the user's own runs, are kept. */
  private static final List<String> MADE =
      List.of(
          "data",
          "tokenizer",
          "fresh",
          "runs/sft",
          "runs/dpo",
          "runs/tr-dpo-soft",
          "runs/tr-dpo-hard",
          "table.txt",
          "answers.txt");

  Path training() {
    return root.resolve("data").resolve("train.jsonl");
  }

  Path heldOut() {
    return root.resolve("data").resolve("held-out.jsonl");
  }

  Path tokenizer() {
    return root.resolve("tokenizer");
  }

  /** The untrained model. */
  Path fresh() {
    return root.resolve("fresh");
  }

  Path model(String run) {
    return runs().resolve(run).resolve("model");
  }

  /** The folder of a run. */
  Path run(String run) {
    return runs().resolve(run);
  }

  /** The metrics file of a run; creates the run's folder. */
  Path metrics(String run) throws IOException {
    return Files.createDirectories(run(run)).resolve("metrics.jsonl");
  }

  /** The settings of a run, in the format of {@code train --config}. */
  Path config(String run) {
    return runs().resolve(run).resolve("config.yaml");
  }

  Path runs() {
    return root.resolve("runs");
  }

  Path table() {
    return root.resolve("table.txt");
  }

  /** What the models of a quickstart with a real model answered. */
  Path answers() {
    return root.resolve("answers.txt");
  }

  /**
   * Creates the folder, or removes the files of an earlier quickstart from it.
   *
   * @param settings a record of them, with {@code alpha}
   * @throws InvalidInputException if the folder has other content or cannot be created
   */
  void begin(Object settings) throws IOException {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new InvalidInputException(
          root
              + ": is a file; --output must be a folder that is new, empty or an earlier"
              + " quickstart");
    }
    if (isEarlier()) {
      for (String made : MADE) {
        if (Files.exists(root.resolve(made))) {
          MoreFiles.deleteRecursively(root.resolve(made), RecursiveDeleteOption.ALLOW_INSECURE);
        }
      }
    } else if (Files.isDirectory(root) && !isEmpty(root)) {
      throw new InvalidInputException(
          root
              + ": is not empty and not a quickstart's folder; --output must be a folder that is"
              + " new, empty or an earlier quickstart");
    }
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new InvalidInputException(
          root + ": cannot be created; --output must be a folder in a writable location", e);
    }
    ObjectMapper json = new ObjectMapper();
    AtomicFile.writeString(
        root.resolve(MARK),
        json.writerWithDefaultPrettyPrinter().writeValueAsString(settings) + "\n");
    Files.createDirectories(root.resolve("data"));
  }

  /** Whether an earlier quickstart wrote the marker file, rather than another program. */
  private boolean isEarlier() throws IOException {
    Path mark = root.resolve(MARK);
    try {
      return Files.isRegularFile(mark)
          && new ObjectMapper().readTree(Files.readAllBytes(mark)).has("alpha");
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.allMatch(
          AtomicFile::isTemporary); // left by a quickstart that was killed immediately
    }
  }
}
