package io.github.tralign.spark;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rank's side of the reports. What does not reach the driver goes to the executor's log. */
final class ReportClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReportClient.class);
  private static final int TIMEOUT_MILLIS = 10_000;

  private final int rank;
  private final int attempt;
  private final Socket socket = new Socket();
  private @Nullable Writer out; // null: the driver cannot be reached

  private ReportClient(int rank, int attempt) {
    this.rank = rank;
    this.attempt = attempt;
  }

  /** Connects. A driver that cannot be reached is logged, and no failure. */
  static ReportClient connect(ReportServer.Place place, int rank, int attempt) {
    ReportClient client = new ReportClient(rank, attempt);
    try {
      client.socket.connect(new InetSocketAddress(place.host(), place.port()), TIMEOUT_MILLIS);
      Writer out =
          new BufferedWriter(
              new OutputStreamWriter(client.socket.getOutputStream(), StandardCharsets.UTF_8));
      out.write(place.secret());
      out.flush();
      client.out = out;
    } catch (IOException e) {
      LOG.warn("rank {}: no reports to the driver at {}:{}", rank, place.host(), place.port(), e);
    }
    return client;
  }

  synchronized void send(RankReport.Kind kind, String text) {
    RankReport report = new RankReport(kind, rank, attempt, text);
    if (out != null) {
      try {
        out.write(report + "\n");
        out.flush();
        return;
      } catch (IOException e) {
        out = null;
        LOG.warn("rank {}: the driver hears no more reports", rank, e);
      }
    }
    LOG.info("{}", report);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("the connection to the driver was broken", e);
    }
  }
}
