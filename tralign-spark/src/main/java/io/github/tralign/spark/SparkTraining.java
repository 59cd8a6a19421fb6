package io.github.tralign.spark;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * A training run by several processes, one in each task of a barrier stage: all run, or none. To
 * the command of each, these arguments are added:
 *
 * <pre>
 * --rank R --world N --meet ADDRESS:0 --meet-file FILE --address ADDRESS   (rank 0)
 * --rank R --world N --meet HOST:PORT --address ADDRESS                    (the others)
 * </pre>
 *
 * <p>Rank 0 listens on a free port of ADDRESS and writes {@code HOST:PORT} to FILE as a whole; the
 * others are started then. ADDRESS is that by which Spark knows the rank's executor.
 *
 * <p>If a process ends with an exit code that is not 0, or an executor is lost, Spark ends the
 * other processes and starts all again, up to {@code spark.stage.maxConsecutiveAttempts} times (4
 * by default), often on other machines: model, data and output must be in storage that all share.
 * Exit code 2, an invalid input, is final in the first attempt.
 */
public final class SparkTraining {

  static final int INVALID = 2;
  private static final int CANCELLED = 130;

  private final SparkContext spark;
  private final SparkTrainingBuilder settings;
  private final RankEnds ends;
  private volatile boolean cancelled;

  SparkTraining(SparkTrainingBuilder settings) {
    this.spark = settings.spark;
    this.settings = settings;
    this.ends = new RankEnds(settings.attempts);
  }

  /** Begins the settings of a run on a cluster. */
  public static SparkTrainingBuilder on(SparkContext spark) {
    return new SparkTrainingBuilder(requireNonNull(spark, "spark"));
  }

  /** Begins the settings of a run on a cluster. */
  public static SparkTrainingBuilder on(JavaSparkContext spark) {
    return on(requireNonNull(spark, "spark").sc());
  }

  /**
   * Trains. When it returns, all processes have ended with exit code 0; when it throws, none is
   * left on an executor that still runs.
   *
   * @throws IllegalStateException if the cluster encrypts, allocates executors dynamically or has
   *     too few slots
   * @throws SparkRunException if the last attempt failed, an input is invalid, or the run was
   *     cancelled
   */
  public void run() {
    SparkConf conf = spark.getConf();
    if (!settings.unencrypted) {
      ClusterChecks.requirePlainNetwork(conf);
    }
    ClusterChecks.requireFixedExecutors(conf);
    ClusterChecks.awaitSlots(spark, settings.processes, settings.slotsTimeout);
    String host = conf.get("spark.driver.host");
    String bind = conf.get("spark.driver.bindAddress", host);
    Duration patience = settings.grace.plusSeconds(5);
    Throwable failure;
    try (ReportServer server =
        ReportServer.open(host, bind, settings.reportPort, this::accept, patience)) {
      failure = await(stage(settings.task(server.place())).collectAsync());
    } // the ranks have ended, and all their reports are there
    if (cancelled && failure != null) {
      throw new SparkRunException("the run was cancelled", CANCELLED, failure);
    }
    if (failure != null) {
      throw new SparkRunException(
          "training on Spark failed: " + ends.summary() + "\n" + failure.getMessage(),
          ends.exitCode(),
          failure);
    }
  }

  /** Ends the run; {@link #run} then throws. The processes get SIGTERM first. */
  public void cancel() {
    cancelled = true;
  }

  private void accept(RankReport report) {
    ends.accept(report);
    RankListeners.pass(report, settings.listener);
  }

  /** A stage whose result is shuffled: Spark does not retry a barrier stage that is the last. */
  private JavaRDD<String> stage(TrainingTask task) {
    List<Integer> ranks = IntStream.range(0, settings.processes).boxed().toList();
    Task<Iterator<Integer>, Iterator<String>> run =
        rank -> {
          try {
            return CollectionConverters.asScala(List.of(task.run()).iterator());
          } catch (InterruptedException e) {
            throw new IllegalStateException("the task was interrupted", e);
          }
        };
    return new JavaSparkContext(spark)
        .parallelize(ranks, settings.processes)
        .rdd()
        .barrier()
        .mapPartitions(run, false, ClassTag$.MODULE$.<String>apply(String.class))
        .toJavaRDD()
        .repartition(1);
  }

  /** A function that Spark can send to an executor. */
  private interface Task<A, B> extends Function1<A, B>, java.io.Serializable {}

  /** Waits for the job's end, or ends it. Returns what it failed by. */
  private @Nullable Throwable await(JavaFutureAction<List<String>> job) {
    try {
      while (!cancelled && !ends.isFinal()) {
        try {
          job.get(100, TimeUnit.MILLISECONDS);
          return null;
        } catch (TimeoutException e) {
          // it still runs
        }
      }
      job.cancel(true);
      return new CancellationException("no further attempt is made");
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      job.cancel(true);
      cancelled = true;
      Thread.currentThread().interrupt();
      return e;
    }
  }
}
