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
 * Where a quickstart puts what it makes.
 *
 * @param root of it all
 */
record QuickstartFolder(Path root) {

  /** Written first: the mark of a folder that a later quickstart may replace. */
  private static final String MARK = "quickstart.json";

  /** What a quickstart makes, run by run: others that a person put beside them are kept. */
  private static final List<String> MADE =
      List.of(
          "data",
          "tokenizer",
          "fresh",
          "runs/sft",
          "runs/dpo",
          "runs/tr-dpo-soft",
          "runs/tr-dpo-hard",
          "table.txt");

  Path training() {
    return root.resolve("data").resolve("train.jsonl");
  }

  Path heldOut() {
    return root.resolve("data").resolve("held-out.jsonl");
  }

  Path tokenizer() {
    return root.resolve("tokenizer");
  }

  /** The model that has learned nothing yet. */
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

  /** The metrics of a run, in its folder, which is made. */
  Path metrics(String run) throws IOException {
    return Files.createDirectories(run(run)).resolve("metrics.jsonl");
  }

  /** The settings of a run, as {@code train --config} takes them. */
  Path config(String run) {
    return runs().resolve(run).resolve("config.yaml");
  }

  Path runs() {
    return root.resolve("runs");
  }

  Path table() {
    return root.resolve("table.txt");
  }

  /**
   * Makes the folder, without what an earlier quickstart left in it.
   *
   * @throws InvalidInputException if the folder holds anything else or cannot be made
   */
  void begin(QuickstartSettings settings) throws IOException {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new InvalidInputException(
          root
              + ": is a file; --output names a folder that is new, empty or an earlier quickstart");
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
              + ": holds something that is no quickstart; --output names a folder that is new,"
              + " empty or an earlier quickstart");
    }
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new InvalidInputException(
          root + ": cannot be created; --output names a folder in a place that can be written to",
          e);
    }
    ObjectMapper json = new ObjectMapper();
    AtomicFile.writeString(
        root.resolve(MARK),
        json.writerWithDefaultPrettyPrinter().writeValueAsString(settings) + "\n");
    Files.createDirectories(root.resolve("data"));
  }

  /** Other programs may call a file the same. */
  private boolean isEarlier() throws IOException {
    Path mark = root.resolve(MARK);
    try {
      return Files.isRegularFile(mark)
          && new ObjectMapper().readTree(Files.readAllBytes(mark)).has("sftSteps");
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.allMatch(AtomicFile::isTemporary); // of one that was killed at once
    }
  }
}
