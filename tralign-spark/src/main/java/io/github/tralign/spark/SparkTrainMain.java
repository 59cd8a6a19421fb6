package io.github.tralign.spark;

import io.github.tralign.spark.SparkOptions.InvalidOptionException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * {@code ./tralign spark-train}: starts {@code train} or {@code sft} in several processes on a
 * cluster. Its own main class, since it runs on Spark's class path and not on tralign's.
 */
public final class SparkTrainMain {

  private static final int INVALID = 2;

  private final PrintStream out = stream(FileDescriptor.out);
  private final PrintStream err = stream(FileDescriptor.err);

  private SparkTrainMain() {}

  /** Ends the process: 0 done, 1 failure, 2 an option, an input or the cluster is invalid. */
  public static void main(String[] args) {
    System.exit(new SparkTrainMain().run(args));
  }

  private int run(String[] args) {
    try {
      SparkOptions options = SparkOptions.parse(List.of(args));
      if (options.asksHelp()) {
        out.print(SparkOptions.help());
        out.flush();
        return 0;
      }
      train(options);
      return 0;
    } catch (InvalidOptionException e) {
      err.println("error: " + e.getMessage());
      return INVALID;
    } catch (SparkRunException e) {
      err.println("error: " + e.getMessage());
      return e.exitCode();
    } catch (IllegalStateException e) { // the cluster is not as it must be
      err.println("error: " + e.getMessage());
      return INVALID;
    }
  }

  private void train(SparkOptions options) {
    try (JavaSparkContext spark = new JavaSparkContext(options.conf(new SparkConf()))) {
      err.println(
          "Spark "
              + spark.version()
              + " at "
              + spark.master()
              + ": "
              + options.processes()
              + " processes");
      WorkerCommand command =
          WorkerCommand.tralign(options.release(), options.training())
              .javaOptions(options.javaOptions())
              .folder(options.folder());
      SparkTrainingBuilder training =
          SparkTraining.on(spark)
              .processes(options.processes())
              .command(command)
              .allowUnencrypted(options.ignoresSsl())
              .listener(this::print);
      Optional<String> output = options.trainingOption("--output");
      output
          .map(folder -> Path.of(options.folder()).resolve(folder))
          .ifPresent(
              folder -> {
                training.metrics(folder.resolve("metrics.jsonl").toString());
                training.resume(
                    folder.resolve("config.yaml").toString(), options.resumeArguments());
              });
      SparkTraining run = training.build();
      Thread hook = new Thread(() -> cancel(run), "end of the driver");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        run.run();
      } finally {
        removeHook(hook);
      }
    }
  }

  /** Ctrl-C: Spark stops its context in a hook of its own, which ends the tasks. */
  private void cancel(SparkTraining run) {
    err.println("stopping");
    run.cancel();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is running: this is Ctrl-C
    }
  }

  private void print(int rank, int attempt, String line) {
    out.println("[rank " + rank + "] " + line);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
