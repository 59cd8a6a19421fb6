/**
 * Training and scoring on the machines of an Apache Spark cluster. Spark's tasks start worker
 * processes, watch them and end them; nothing of tralign but this package is on the class path of
 * an executor. {@link io.github.tralign.spark.SparkTraining} starts one process a rank, {@link
 * io.github.tralign.spark.SparkScoring} one for each part of a data set. What a worker is, says a
 * {@link io.github.tralign.spark.WorkerCommand}.
 */
@NullMarked
package io.github.tralign.spark;

import org.jspecify.annotations.NullMarked;
