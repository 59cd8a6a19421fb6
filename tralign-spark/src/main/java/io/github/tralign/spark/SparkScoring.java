package io.github.tralign.spark;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Scores or tokenizes a data set of any size: rows are numbered and divided into parts of a fixed
 * size, and a process computes each part, by a command such as {@code logps} to which
 *
 * <pre>--data FILE --output FILE --first-index N</pre>
 *
 * are added. The data are JSON lines; the output is to be Parquet, with a column {@code index} for
 * the row's number, which is N for the first row of the part.
 *
 * <p>The output is a folder of {@code part-NUMBER-HASH.parquet} and, when all are there, {@code
 * _SUCCESS}; Spark and others read it as one table. A part appears whole or not at all. The hash is
 * that of the part's rows and the command's arguments, so parts that are there already are kept by
 * the next run, and a retried task neither doubles nor loses a row. Parts of other rows or
 * arguments are rejected.
 *
 * <p>Which rows share a part depends on their numbers alone, not on partitions or executors. A
 * command that scores each row by itself, as {@code logps --batch-size 1} does, gives the same bits
 * as one process for all rows.
 */
public final class SparkScoring {

  private final WorkerCommand command;
  private final Path output;
  private int rowsPerPart = 10_000;
  private Duration grace = Duration.ofSeconds(10);

  private SparkScoring(WorkerCommand command, Path output) {
    this.command = command;
    this.output = output;
  }

  /**
   * What was done.
   *
   * @param rows rows of the data set
   * @param parts its parts
   * @param kept those of them that were there before
   */
  public record Result(long rows, int parts, int kept) {}

  /**
   * Scoring by a command.
   *
   * @param output a folder in storage that the driver and all executors share; made if it is
   *     missing
   */
  public static SparkScoring by(WorkerCommand command, Path output) {
    return new SparkScoring(
        requireNonNull(command, "command"), requireNonNull(output, "output").toAbsolutePath());
  }

  /**
   * {@code logps} with each row scored by itself, unless the arguments have another batch size.
   *
   * @param release see {@link WorkerCommand#tralign}
   * @param arguments such as {@code --policy DIR}
   */
  public static SparkScoring logps(String release, List<String> arguments, Path output) {
    List<String> all = new ArrayList<>(List.of("logps", "--quiet"));
    all.addAll(requireNonNull(arguments, "arguments"));
    if (all.stream().noneMatch(word -> word.matches("--batch-size(=.*)?"))) {
      all.addAll(List.of("--batch-size", "1"));
    }
    return by(WorkerCommand.tralign(release, all), output);
  }

  /**
   * The token ids of each row as training sees them, by {@code data --output}.
   *
   * @param release see {@link WorkerCommand#tralign}
   * @param arguments such as {@code --tokenizer DIR}
   */
  public static SparkScoring tokens(String release, List<String> arguments, Path output) {
    List<String> all = new ArrayList<>(List.of("data", "--quiet", "--show", "0"));
    all.addAll(requireNonNull(arguments, "arguments"));
    return by(WorkerCommand.tralign(release, all), output);
  }

  WorkerCommand command() {
    return command;
  }

  /** The rows of a part, at least 1. 10,000 by default. */
  public SparkScoring rowsPerPart(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("rowsPerPart: must be at least 1, not " + rows);
    }
    this.rowsPerPart = rows;
    return this;
  }

  /** The time from SIGTERM to SIGKILL for a process that has to end. Ten seconds by default. */
  public SparkScoring grace(Duration grace) {
    this.grace = requireNonNull(grace, "grace");
    return this;
  }

  /**
   * Computes all parts. One that fails each time it is tried ends the job with Spark's exception,
   * which has the last lines of its process.
   *
   * @param rows JSON objects, one each, such as {@code context.textFile("pairs/*.jsonl")} or {@code
   *     frame.toJSON().javaRDD()}; in the same order whenever they are computed. Blank ones are
   *     left out and not counted.
   * @throws IllegalStateException if the folder has parts of other rows or arguments
   */
  public Result run(JavaRDD<String> rows) {
    JavaRDD<String> filled = requireNonNull(rows, "rows").filter(row -> !row.isBlank());
    long count = filled.count();
    int parts = Math.toIntExact((count + rowsPerPart - 1) / rowsPerPart);
    prepare(parts);
    ScoringTask task = new ScoringTask(command, output.toString(), grace);
    long size = rowsPerPart;
    FlatMapFunction<Iterator<Tuple2<Long, String>>, ScoringTask.Part> score =
        part -> List.of(task.run(part, size)).iterator();
    List<ScoringTask.Part> done =
        parts == 0
            ? List.of()
            : filled
                .zipWithIndex()
                .mapToPair(row -> new Tuple2<>(row._2(), row._1()))
                .repartitionAndSortWithinPartitions(new ByNumber(parts, rowsPerPart))
                .mapPartitions(score)
                .collect();
    complete(done, count);
    return new Result(count, parts, (int) done.stream().filter(ScoringTask.Part::kept).count());
  }

  private void prepare(int parts) {
    try {
      Files.createDirectories(output);
      for (Path file : files()) {
        String name = file.getFileName().toString();
        if (name.startsWith(ScoringTask.ATTEMPT)) {
          Files.delete(file); // of an executor that was lost
        } else if (ScoringTask.number(name) >= parts) {
          throw new IllegalStateException(
              file
                  + " is of another data set, since this one has "
                  + parts
                  + " parts: choose another folder or remove the file");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(output + " cannot be used", e);
    }
  }

  private void complete(List<ScoringTask.Part> done, long count) {
    Set<String> expected = new HashSet<>();
    long rows = 0;
    for (ScoringTask.Part part : done) {
      expected.add(part.file());
      rows += part.rows();
    }
    try {
      Set<String> found = new HashSet<>();
      for (Path file : files()) {
        String name = file.getFileName().toString();
        if (ScoringTask.number(name) >= 0) {
          found.add(name);
        }
      }
      if (rows != count || !found.equals(expected)) {
        throw new IllegalStateException(
            output
                + " has "
                + found.size()
                + " parts instead of "
                + expected.size()
                + ", of "
                + rows
                + " rows instead of "
                + count
                + ": do the rows come in the same order whenever they are computed?");
      }
      Path success = output.resolve("_SUCCESS");
      if (!Files.exists(success)) {
        Files.createFile(success);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(output + " cannot be completed", e);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.toList();
    }
  }

  /** Puts rows into parts by their numbers. */
  private static final class ByNumber extends Partitioner implements Serializable {

    private static final long serialVersionUID = 1;

    private final int parts;
    private final int size;

    ByNumber(int parts, int size) {
      this.parts = parts;
      this.size = size;
    }

    @Override
    public int numPartitions() {
      return parts;
    }

    @Override
    public int getPartition(Object row) {
      return (int) ((Long) row / size);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ByNumber that && parts == that.parts && size == that.size;
    }

    @Override
    public int hashCode() {
      return 31 * parts + size;
    }
  }
}
