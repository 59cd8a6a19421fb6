package io.github.tralign.djl.distributed;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a process joins a group.
 *
 * @param host of the {@link MeetingPoint}, as this machine knows it
 * @param port of the {@link MeetingPoint}, in [1, 65535]
 * @param rank this process's number, in [0, size)
 * @param size the number of processes, ≥ 1
 * @param address the address or name of this machine that the other processes can reach; if empty,
 *     the address that this machine connects to the meeting point from
 * @param timeout how long to wait for the other processes: for all to join, and in every collective
 *     call. It must be longer than what one of them does alone meanwhile, such as writing a
 *     checkpoint; at least a millisecond
 * @param nccl the number of the GPU whose arrays are exchanged by NCCL, ≥ 0; if empty, as it must
 *     be on all ranks or none, arrays of a GPU are exchanged by way of the CPU
 */
public record JoinSettings(
    String host,
    int port,
    int rank,
    int size,
    Optional<String> address,
    Duration timeout,
    OptionalInt nccl) {

  static final int MAX_PORT = 65_535;

  static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

  public JoinSettings {
    requireNonNull(host, "host");
    requireNonNull(address, "address");
    requireNonNull(timeout, "timeout");
    requireNonNull(nccl, "nccl");
    require(!host.isBlank(), "the host must not be blank");
    require(port >= 1 && port <= MAX_PORT, "the port must be in [1, %d], not %d", MAX_PORT, port);
    require(size >= 1, "the number of processes must be at least 1, not %d", size);
    require(
        rank >= 0 && rank < size,
        "the rank must be in [0, %d] for %d processes, not %d",
        size - 1,
        size,
        rank);
    require(timeout.toMillis() >= 1, "the timeout must be at least a millisecond");
    require(
        nccl.orElse(0) >= 0, "the number of the GPU must be at least 0, not %d", nccl.orElse(0));
  }

  /** The settings with a timeout of 30 minutes and the address found. */
  public static JoinSettings of(String host, int port, int rank, int size) {
    return new JoinSettings(
        host, port, rank, size, Optional.empty(), DEFAULT_TIMEOUT, OptionalInt.empty());
  }

  /** The same with another address of this machine. */
  public JoinSettings address(String address) {
    requireNonNull(address, "address");
    return new JoinSettings(host, port, rank, size, Optional.of(address), timeout, nccl);
  }

  /** The same with another timeout. */
  public JoinSettings timeout(Duration timeout) {
    return new JoinSettings(host, port, rank, size, address, timeout, nccl);
  }

  /**
   * The same, with arrays of a GPU exchanged by NCCL. <strong>Never run on a GPU so far.</strong>
   *
   * @param gpu its number: N of the device {@code cuda:N}. No other rank has this GPU
   */
  public JoinSettings nccl(int gpu) {
    return new JoinSettings(host, port, rank, size, address, timeout, OptionalInt.of(gpu));
  }

  /** What arrays of a GPU are exchanged by. */
  String collectives() {
    return nccl.isPresent() ? "nccl" : "gloo";
  }

  /** The meeting point as people write it. */
  String place() {
    return host + ":" + port;
  }

  private static void require(boolean valid, String message, Object... values) {
    if (!valid) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, message, values));
    }
  }
}
