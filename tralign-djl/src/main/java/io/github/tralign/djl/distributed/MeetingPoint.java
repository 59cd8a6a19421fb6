package io.github.tralign.djl.distributed;

import io.github.tralign.InvalidInputException;
import java.util.Locale;

/**
 * Where the processes of one group meet. One of them serves it, usually the one of rank 0, and
 * closes it after its group. It listens on all addresses of its machine.
 *
 * <pre>{@code
 * try (MeetingPoint point = MeetingPoint.serve(0);
 *     GlooProcessGroup group =
 *         GlooProcessGroup.join(JoinSettings.of("127.0.0.1", point.port(), 0, 2))) { … }
 * }</pre>
 */
public final class MeetingPoint implements AutoCloseable {

  private final int port;
  private long handle;

  private MeetingPoint(long handle) {
    this.handle = handle;
    port = Collective.port(handle);
  }

  /**
   * Serves a meeting point.
   *
   * @param port in [0, 65535]; 0 for a free one, see {@link #port}
   * @throws InvalidInputException if the port is in use
   * @throws IllegalStateException if this is not Linux on x86-64 or ARM64, PyTorch is not of the
   *     version that tralign was built for, or {@code tralign-native} is not there
   */
  public static MeetingPoint serve(int port) {
    if (port < 0 || port > JoinSettings.MAX_PORT) {
      throw new IllegalArgumentException(
          "the port must be in [0, " + JoinSettings.MAX_PORT + "], not " + port);
    }
    Collective.load();
    try {
      return new MeetingPoint(Collective.serve(port, JoinSettings.DEFAULT_TIMEOUT.toMillis()));
    } catch (IllegalStateException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("EADDRINUSE") || message.contains("EACCES")) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "port %d %s on this machine; give another one, or 0 for a free one",
                port,
                message.contains("EADDRINUSE") ? "is in use" : "may not be used"),
            e);
      }
      throw e;
    }
  }

  /** The port that the others join at. */
  public int port() {
    return port;
  }

  @Override
  public synchronized void close() {
    if (handle != 0) {
      Collective.release(handle);
      handle = 0;
    }
  }
}
