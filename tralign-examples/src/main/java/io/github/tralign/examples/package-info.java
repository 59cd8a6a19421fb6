/**
 * Short example programs that use the library.
 *
 * <p>{@link io.github.tralign.examples.AlignCheckpoint} shows the main use. {@link
 * io.github.tralign.examples.OwnLoss} and {@link io.github.tralign.examples.OwnReferenceRule} add a
 * custom loss and a custom reference rule. {@link io.github.tralign.examples.WatchARun} prints
 * progress with a listener. {@link io.github.tralign.examples.GenerateText} completes a prompt.
 * {@link io.github.tralign.examples.TabularToy} requires neither model nor data. The others take a
 * checkpoint folder and a file of pairs, such as {@code ./tralign quickstart} makes. {@code
 * ./tralign example} lists and runs them. {@code SparkCluster} runs on a cluster of Apache Spark,
 * by {@code spark-submit}.
 */
@NullMarked
package io.github.tralign.examples;

import org.jspecify.annotations.NullMarked;
