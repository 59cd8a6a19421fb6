package io.github.tralign.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import scala.Tuple2;

/** The task that scores one part of a data set. */
record ScoringTask(WorkerCommand command, String output, Duration grace) implements Serializable {

  static final String ATTEMPT = ".attempt-";

  private static final Pattern NAME = Pattern.compile("part-(\\d{5,})-[0-9a-f]{16}\\.parquet");

  /** A part that is in the output folder. */
  record Part(String file, long rows, boolean kept) implements Serializable {}

  /** The number of the part in a file of that name; -1 if it is no such file. */
  static int number(String name) {
    Matcher form = NAME.matcher(name);
    return form.matches() ? Integer.parseInt(form.group(1)) : -1;
  }

  /** Scores rows, which are sorted by their numbers and at least one. */
  Part run(Iterator<Tuple2<Long, String>> rows, long rowsPerPart)
      throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      return run(rows, rowsPerPart, folder.path());
    }
  }

  private Part run(Iterator<Tuple2<Long, String>> rows, long rowsPerPart, Path folder)
      throws IOException, InterruptedException {
    MessageDigest hash = sha256();
    command
        .arguments()
        .forEach(argument -> hash.update((argument + "\0").getBytes(StandardCharsets.UTF_8)));
    Path input = folder.resolve("rows.jsonl");
    long first = -1;
    long count = 0;
    try (Writer lines = Files.newBufferedWriter(input)) {
      while (rows.hasNext()) {
        Tuple2<Long, String> row = rows.next();
        if (first < 0) {
          first = row._1();
          hash.update(("" + first).getBytes(StandardCharsets.UTF_8));
        }
        String line = row._2().replace('\n', ' ') + "\n"; // in JSON a line end is white space
        hash.update(line.getBytes(StandardCharsets.UTF_8));
        lines.write(line);
        count++;
      }
    }
    String part = String.format(Locale.ROOT, "part-%05d-", first / rowsPerPart);
    String name = part + HexFormat.of().formatHex(hash.digest(), 0, 8) + ".parquet";
    Path target = Path.of(output, name);
    if (Files.exists(target)) {
      return new Part(name, count, true);
    }
    requireNoOther(part);
    Path scores = folder.resolve("scores.parquet");
    score(input, scores, first);
    publish(scores, target);
    return new Part(name, count, false);
  }

  private void requireNoOther(String part) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(output))) {
      files
          .filter(file -> file.getFileName().toString().startsWith(part))
          .findFirst()
          .ifPresent(
              file -> {
                throw new IllegalStateException(
                    file
                        + " has scores of other rows or by other arguments: choose another folder or"
                        + " remove the file");
              });
    }
  }

  private void score(Path input, Path scores, long first) throws InterruptedException {
    WorkerCommand whole =
        command.plus(
            List.of(
                "--data",
                input.toString(),
                "--output",
                scores.toString(),
                "--first-index",
                String.valueOf(first)));
    try (WorkerProcess process = WorkerProcess.start(whole.process(), line -> {}, grace)) {
      int exitCode = process.await(TaskContext.get(), () -> {});
      if (exitCode != 0) {
        throw new IllegalStateException(
            "scoring ended with exit code " + exitCode + "; " + process.lastLines());
      }
    }
  }

  /** Puts the scores, which lie on the executor's disk, into the output folder at once. */
  private static void publish(Path scores, Path target) throws IOException {
    Path attempt =
        target.resolveSibling(
            ATTEMPT + TaskContext.get().taskAttemptId() + "-" + target.getFileName());
    try {
      Files.copy(scores, attempt, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(attempt, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(attempt, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(attempt);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
