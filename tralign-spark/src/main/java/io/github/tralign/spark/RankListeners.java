package io.github.tralign.spark;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes reports on to listeners, and the listener that there is by default. */
final class RankListeners {

  private static final Logger LOG = LoggerFactory.getLogger(SparkTraining.class);

  private RankListeners() {}

  /** Writes the lines to the driver's log. */
  static final RankListener LOGGING = (rank, attempt, line) -> LOG.info("[rank {}] {}", rank, line);

  static void pass(RankReport report, RankListener listener) {
    try {
      switch (report.kind()) {
        case LINE -> listener.onLine(report.rank(), report.attempt(), report.text());
        case METRICS -> listener.onMetrics(report.text());
        case END ->
            listener.onEnd(report.rank(), report.attempt(), Integer.parseInt(report.text()));
      }
    } catch (RuntimeException e) {
      LOG.warn("a listener failed on {}", report, e);
    }
  }
}
