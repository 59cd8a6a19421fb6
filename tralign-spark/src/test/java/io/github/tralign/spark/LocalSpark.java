package io.github.tralign.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark inside of this process. */
final class LocalSpark {

  private LocalSpark() {}

  static SparkConf conf(String master) {
    return new SparkConf()
        .setMaster(master)
        .setAppName("tralign")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1");
  }

  static JavaSparkContext start() {
    return new JavaSparkContext(conf("local[2]"));
  }
}
