package io.github.tralign.spark;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/** What a cluster must be like for ranks that talk to one another. */
final class ClusterChecks {

  private static final List<String> ENCRYPTION =
      List.of(
          "spark.ssl.enabled",
          "spark.ssl.rpc.enabled",
          "spark.network.crypto.enabled",
          "spark.authenticate.enableSaslEncryption");

  private ClusterChecks() {}

  /** Refuses a cluster that encrypts what its machines send to one another. */
  static void requirePlainNetwork(SparkConf conf) {
    for (String setting : ENCRYPTION) {
      if (conf.getBoolean(setting, false)) {
        throw new IllegalStateException(
            setting
                + " is set, and the ranks send gradients and log lines without encryption or"
                + " authentication: run them in a network that nobody else can reach and allow"
                + " this by allowUnencrypted(true) (--ignore-ssl), or do not use this cluster");
      }
    }
  }

  /** Refuses dynamic allocation, as Spark does for all barrier stages. */
  static void requireFixedExecutors(SparkConf conf) {
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new IllegalStateException(
          "spark.dynamicAllocation.enabled is set, but all ranks must run at the same time and"
              + " Spark starts no executors for that: set it to false and"
              + " spark.executor.instances to the number of executors");
    }
  }

  /** Waits until as many tasks can run at once; else all of them would wait for the last. */
  static void awaitSlots(SparkContext spark, int needed, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    int slots = slots(spark);
    while (slots < needed) {
      if (System.nanoTime() - end >= 0) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "%d processes need as many task slots at once, but the cluster has %d (waited %d s):"
                    + " start more executors, or ask for fewer processes. An executor has a slot"
                    + " for each spark.task.cpus (%s) of its cores",
                needed,
                slots,
                timeout.toSeconds(),
                spark.conf().get("spark.task.cpus", "1")));
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for executors", e);
      }
      slots = slots(spark);
    }
  }

  /** As Spark's own check of barrier stages counts them. */
  private static int slots(SparkContext spark) {
    return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
  }
}
