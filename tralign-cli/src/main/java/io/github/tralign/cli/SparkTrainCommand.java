package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code ./tralign spark-train}: listed here, but run by the launcher, on Spark's class path. */
@Command(
    name = "spark-train",
    description = "Trains in processes on the machines of an Apache Spark cluster.",
    customSynopsis =
        "${ROOT-COMMAND-NAME} spark-train --processes N [OPTION...] -- train OPTION...",
    footer = {
      "",
      "Needs the jars of Apache Spark, in --spark-jars DIR or $SPARK_HOME/jars.",
      "'./tralign spark-train --help' shows all options."
    })
@SuppressWarnings("unused") // the arguments are those of the driver
final class SparkTrainCommand implements Runnable {

  @Unmatched private String[] arguments = {};

  @Override
  public void run() {
    throw new InvalidInputException(
        "spark-train: started by the ./tralign of the repository only, on Spark's class path; see"
            + " docs/spark.md");
  }
}
