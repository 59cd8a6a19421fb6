package io.github.tralign.examples;

import io.github.tralign.spark.SparkScoring;
import io.github.tralign.spark.SparkTraining;
import io.github.tralign.spark.WorkerCommand;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Trains on a cluster of Apache Spark, then scores the pairs by what was trained, and writes their
 * token ids. Started by {@code spark-submit}, see docs/spark.md; {@code ./tralign example} does not
 * know it, since it needs Spark.
 */
public final class SparkCluster {

  private SparkCluster() {}

  /**
   * Arguments: the folder with {@code tralign.jar}, a checkpoint folder, a file of pairs in JSON
   * lines, the folder to write, and how many processes train; all paths as the executors see them.
   */
  public static void main(String[] args) {
    if (args.length != 5) {
      System.err.println("usage: SparkCluster RELEASE MODEL PAIRS OUTPUT PROCESSES");
      System.exit(2);
    }
    SparkConf settings =
        new SparkConf()
            .setAppName("tralign")
            .set("spark.scheduler.minRegisteredResourcesRatio", "1")
            .set("spark.executorEnv.LC_ALL", "C.UTF-8"); // else paths must be ASCII
    try (JavaSparkContext spark = new JavaSparkContext(settings)) {
      Path output = Path.of(args[3]);
      train(spark, args[0], args[1], args[2], output.resolve("run"), Integer.parseInt(args[4]));

      JavaRDD<String> rows = spark.textFile(args[2]); // or frame.toJSON().javaRDD()
      String model = output.resolve("run/model").toString();
      SparkScoring.Result scores =
          SparkScoring.logps(
                  args[0], List.of("--policy", model, "--form", "pairs"), output.resolve("scores"))
              .rowsPerPart(1_000)
              .run(rows);
      System.out.println("scored " + scores);
      SparkScoring.Result tokens =
          SparkScoring.tokens(
                  args[0],
                  List.of("--tokenizer", model, "--form", "pairs"),
                  output.resolve("tokens"))
              .rowsPerPart(1_000)
              .run(rows);
      System.out.println("tokenized " + tokens);
    }
  }

  static void train(
      JavaSparkContext spark, String release, String model, String pairs, Path run, int processes) {
    List<String> options =
        List.of(
            "train",
            "--policy",
            model,
            "--data",
            pairs,
            "--output",
            run.toString(),
            "--loss",
            "dpo",
            "--reference",
            "soft:0.6",
            "--checkpoint-every",
            "100");
    SparkTraining.on(spark)
        .processes(processes)
        .command(WorkerCommand.tralign(release, options))
        .resume(run.resolve("config.yaml").toString(), List.of("--resume"))
        .listener((rank, attempt, line) -> System.out.println("[rank " + rank + "] " + line))
        .build()
        .run();
  }
}
