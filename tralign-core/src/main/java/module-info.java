/**
 * Losses, moving references and the training loop, free of any tensor engine. Packages that are not
 * exported are internal.
 */
@SuppressWarnings({"module", "requires-automatic"}) // modules that are built later; Immutables
module io.github.tralign.core {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive com.google.common;
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.dataformat.csv;
  requires com.github.luben.zstd_jni;
  requires java.net.http;
  requires org.slf4j;
  // for annotations of what Immutables writes
  requires static com.google.errorprone.annotations;
  requires static java.compiler;
  requires static org.immutables.value;

  exports io.github.tralign;
  exports io.github.tralign.cache;
  exports io.github.tralign.checkpoint;
  exports io.github.tralign.data;
  exports io.github.tralign.data.form;
  exports io.github.tralign.data.row;
  exports io.github.tralign.data.source;
  exports io.github.tralign.distributed;
  exports io.github.tralign.generate;
  exports io.github.tralign.loss;
  exports io.github.tralign.metrics;
  exports io.github.tralign.mlflow;
  exports io.github.tralign.optimizer;
  exports io.github.tralign.policy;
  exports io.github.tralign.reference;
  exports io.github.tralign.tabular;
  exports io.github.tralign.train;
  exports io.github.tralign.train.log;
  exports io.github.tralign.file to
      io.github.tralign.cli,
      io.github.tralign.djl,
      io.github.tralign.judge,
      io.github.tralign.parquet,
      io.github.tralign.report;
  exports io.github.tralign.http to
      io.github.tralign.judge;
  exports io.github.tralign.text to
      io.github.tralign.cli,
      io.github.tralign.djl,
      io.github.tralign.judge,
      io.github.tralign.report;
  exports io.github.tralign.random to
      io.github.tralign.djl,
      io.github.tralign.judge;

  // records that are written to and read from JSON
  opens io.github.tralign.checkpoint to
      com.fasterxml.jackson.databind;
  opens io.github.tralign.data to
      com.fasterxml.jackson.databind;
  opens io.github.tralign.train to
      com.fasterxml.jackson.databind;
  opens io.github.tralign.train.log to
      com.fasterxml.jackson.databind;

  uses io.github.tralign.data.source.RecordFormat;
}
