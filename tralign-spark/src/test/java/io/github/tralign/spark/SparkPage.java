package io.github.tralign.spark;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** The Java of {@code docs/spark.md}, so that it is compiled. A test compares the lines. */
final class SparkPage {

  private SparkPage() {}

  static void train(JavaSparkContext context, RankListener listener, List<String> args)
      throws Exception {
    SparkTraining.on(context) // a SparkContext or a JavaSparkContext
        .processes(8)
        .command(WorkerCommand.tralign("/shared/tralign", args)) // "train", "--policy", …
        .resume("/shared/run/config.yaml", List.of("--resume"))
        .metrics("/shared/run/metrics.jsonl")
        .listener(listener) // lines, metrics and ends of ranks, at the driver
        .build()
        .run();
  }

  static void score(JavaSparkContext context) throws Exception {
    SparkScoring.logps(
            "/shared/tralign",
            List.of("--policy", "/shared/model", "--form", "pairs"),
            Path.of("/shared/scores"))
        .rowsPerPart(10_000)
        .run(context.textFile("/shared/pairs/*.jsonl")); // or frame.toJSON().javaRDD()

    SparkScoring.tokens(
            "/shared/tralign",
            List.of("--tokenizer", "/shared/model", "--form", "pairs"),
            Path.of("/shared/tokens"))
        .run(context.textFile("/shared/pairs/*.jsonl"));
  }
}
