package io.github.tralign.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Where the driver listens for reports of ranks. A connection begins with the secret of this run;
 * others are closed. The reports are passed on one at a time.
 */
final class ReportServer implements AutoCloseable {

  private static final int SECRET_BYTES = 16;
  private static final int SECRET_TIMEOUT_MILLIS = 10_000;
  private static final int MOST_CONNECTIONS = 10_000;

  /** What a task needs to connect. */
  record Place(String host, int port, String secret) implements Serializable {}

  private final ServerSocket server;
  private final Place place;
  private final Consumer<RankReport> reports;
  private final Duration patience;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private ReportServer(
      ServerSocket server, Place place, Consumer<RankReport> reports, Duration wait) {
    this.server = server;
    this.place = place;
    this.reports = reports;
    this.patience = wait;
  }

  /**
   * Begins to listen.
   *
   * @param host the driver's name as executors know it
   * @param bind the address to listen on
   * @param port 0 for a free one
   * @param patience how long {@link #close} waits for ranks that still report
   */
  static ReportServer open(
      String host, String bind, int port, Consumer<RankReport> reports, Duration patience) {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    try {
      ServerSocket server = new ServerSocket(port, 0, InetAddress.getByName(bind));
      Place place = new Place(host, server.getLocalPort(), HexFormat.of().formatHex(secret));
      ReportServer opened = new ReportServer(server, place, reports, patience);
      daemon(opened::accept, "reports of ranks").start();
      return opened;
    } catch (IOException e) {
      throw new IllegalStateException(
          "the driver cannot listen on " + bind + ":" + port + ": " + e.getMessage(), e);
    }
  }

  Place place() {
    return place;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (connections.size() >= MOST_CONNECTIONS) {
          socket.close();
        } else {
          connections.add(socket);
          daemon(() -> read(socket), "reports of " + socket.getRemoteSocketAddress()).start();
        }
      } catch (IOException e) {
        // closed, or a connection that was gone before it was accepted
      }
    }
  }

  private void read(Socket connection) {
    try (Socket socket = connection) {
      socket.setSoTimeout(SECRET_TIMEOUT_MILLIS);
      byte[] secret = place.secret().getBytes(StandardCharsets.UTF_8);
      byte[] given = socket.getInputStream().readNBytes(secret.length);
      if (!MessageDigest.isEqual(secret, given)) {
        return;
      }
      socket.setSoTimeout(0);
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        RankReport.parse(line).ifPresent(this::pass);
      }
    } catch (IOException e) {
      // the executor is gone: Spark will say so
    } finally {
      connections.remove(connection);
    }
  }

  private void pass(RankReport report) {
    synchronized (reports) {
      reports.accept(report);
    }
  }

  /** Waits for the ranks that still report, then closes all connections. */
  @Override
  public void close() {
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (!connections.isEmpty() && System.nanoTime() - end < 0) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      server.close();
      for (Socket socket : connections) {
        socket.close();
      }
    } catch (IOException e) {
      // nothing more is expected of them
    }
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
