package io.github.tralign.spark;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link SparkTraining}. Processes and command are required. */
public final class SparkTrainingBuilder {

  private static final String SPARK_ATTEMPTS = "spark.stage.maxConsecutiveAttempts";

  final SparkContext spark;
  int processes;
  int attempts;
  boolean unencrypted;
  int reportPort;
  Duration slotsTimeout = Duration.ofMinutes(1);
  Duration grace = Duration.ofSeconds(10);
  RankListener listener = RankListeners.LOGGING;
  private @Nullable WorkerCommand command;
  private Duration meetTimeout = Duration.ofMinutes(10);
  private String metrics = "";
  private String resumeIf = "";
  private List<String> resumeArguments = List.of();

  SparkTrainingBuilder(SparkContext spark) {
    this.spark = spark;
    this.attempts = spark.conf().getInt(SPARK_ATTEMPTS, 4);
  }

  /** How many processes train together, at least 1. Each takes a task slot. */
  public SparkTrainingBuilder processes(int processes) {
    if (processes < 1) {
      throw new IllegalArgumentException("processes: must be at least 1, not " + processes);
    }
    this.processes = processes;
    return this;
  }

  /** What each process is. */
  public SparkTrainingBuilder command(WorkerCommand command) {
    this.command = requireNonNull(command, "command");
    return this;
  }

  /**
   * How to resume: what is added to the arguments of all ranks from the second attempt on, if a
   * file of the run exists by then.
   *
   * @param file in shared storage, such as {@code run/config.yaml}
   * @param arguments such as {@code --resume}
   */
  public SparkTrainingBuilder resume(String file, List<String> arguments) {
    this.resumeIf = requireNonNull(file, "file");
    this.resumeArguments = List.copyOf(requireNonNull(arguments, "arguments"));
    return this;
  }

  /** A file of JSON lines that rank 0 writes, such as {@code run/metrics.jsonl}. */
  public SparkTrainingBuilder metrics(String file) {
    this.metrics = requireNonNull(file, "file");
    return this;
  }

  /** Hears of lines, metrics and ends. By default the lines go to the driver's log. */
  public SparkTrainingBuilder listener(RankListener listener) {
    this.listener = requireNonNull(listener, "listener");
    return this;
  }

  /**
   * How often the run is started at most, from 1 to {@code spark.stage.maxConsecutiveAttempts},
   * which is the default and has to be set before the context is made.
   */
  public SparkTrainingBuilder attempts(int attempts) {
    int most = spark.conf().getInt(SPARK_ATTEMPTS, 4);
    if (attempts < 1 || attempts > most) {
      throw new IllegalArgumentException(
          "attempts: must be from 1 to " + most + " (" + SPARK_ATTEMPTS + "), not " + attempts);
    }
    this.attempts = attempts;
    return this;
  }

  /** How long to wait for executors to register. A minute by default. */
  public SparkTrainingBuilder slotsTimeout(Duration timeout) {
    this.slotsTimeout = notNegative("slotsTimeout", timeout);
    return this;
  }

  /** How long rank 0 may take until it listens. Ten minutes by default. */
  public SparkTrainingBuilder meetTimeout(Duration timeout) {
    this.meetTimeout = notNegative("meetTimeout", timeout);
    return this;
  }

  /** The time from SIGTERM to SIGKILL for a process that has to end. Ten seconds by default. */
  public SparkTrainingBuilder grace(Duration grace) {
    this.grace = notNegative("grace", grace);
    return this;
  }

  /** The driver's port for the reports of ranks, from 0 to 65535; 0, the default, is a free one. */
  public SparkTrainingBuilder reportPort(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("reportPort: must be from 0 to 65535, not " + port);
    }
    this.reportPort = port;
    return this;
  }

  /**
   * Whether to run on a cluster whose own connections are encrypted. Those between ranks are not;
   * false by default.
   */
  public SparkTrainingBuilder allowUnencrypted(boolean allowed) {
    this.unencrypted = allowed;
    return this;
  }

  /**
   * The run, which has not begun.
   *
   * @throws IllegalArgumentException if processes or command are missing
   */
  public SparkTraining build() {
    if (processes == 0 || command == null) {
      throw new IllegalArgumentException("processes and command are required");
    }
    return new SparkTraining(this);
  }

  TrainingTask task(ReportServer.Place driver) {
    return new TrainingTask(
        requireNonNull(command, "command"),
        driver,
        meetTimeout,
        grace,
        metrics,
        resumeIf,
        resumeArguments);
  }

  private static Duration notNegative(String name, Duration time) {
    if (requireNonNull(time, name).isNegative()) {
      throw new IllegalArgumentException(name + ": must not be negative, not " + time);
    }
    return time;
  }
}
