package io.github.tralign.djl.distributed;

import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.tralign.InvalidInputException;
import io.github.tralign.distributed.ProcessGroupException;
import io.github.tralign.djl.TensorGroup;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.PyTorch;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A group of processes that exchange arrays by gloo, the collectives of PyTorch for CPUs. Arrays on
 * a GPU are exchanged by way of the CPU, or by NCCL where {@link JoinSettings#nccl(int)} asks for
 * it.
 *
 * <p>After a call has failed the group is left: the calls of all other ranks fail too, and every
 * later one fails at once.
 */
public final class GlooProcessGroup implements TensorGroup {

  /** PyTorch keeps groups by name, one list a process; tests have several in one. */
  private static final AtomicInteger MADE = new AtomicInteger();

  private final JoinSettings settings;
  private final Rendezvous rendezvous;
  private final String name = "tralign-" + MADE.incrementAndGet();
  private final NDManager manager;
  private final Kernels kernels;
  private long handle;
  private @Nullable ProcessGroupException failure;

  private GlooProcessGroup(JoinSettings settings, Rendezvous rendezvous) {
    this.settings = settings;
    this.rendezvous = rendezvous;
    manager = PyTorch.start().newBaseManager(Device.cpu());
    kernels = Kernels.collectives(manager);
    handle = Connecting.group(name, settings, rendezvous);
  }

  /**
   * Joins a group, and returns once all its processes have. That of rank 0 does so too, after one
   * of them serves the {@link MeetingPoint}.
   *
   * @throws InvalidInputException if a setting is wrong, here or in another process: the host or
   *     the address is unknown, two processes have one rank, or not all name the same number of
   *     processes
   * @throws ProcessGroupException if not all come within the timeout, or one of them ends
   * @throws IllegalStateException if this is not Linux on x86-64 or ARM64, PyTorch is not of the
   *     version that tralign was built for, or {@code tralign-native} is not there; with NCCL also
   *     as {@link #prepare}
   */
  public static GlooProcessGroup join(JoinSettings settings) {
    prepare(settings);
    Patience patience = new Patience(settings.timeout());
    InetAddress own = OwnAddress.find(settings, patience);
    Rendezvous rendezvous = Rendezvous.at(settings, patience);
    try {
      rendezvous.meet(own);
      return new GlooProcessGroup(settings, rendezvous);
    } catch (RuntimeException e) {
      rendezvous.close();
      throw e;
    }
  }

  /**
   * Loads what {@link #join} needs, which it does by itself: earlier, it shows what is missing here
   * before another process is started.
   *
   * @throws InvalidInputException if there is no GPU of the number that is set for NCCL
   * @throws IllegalStateException as {@link #join}; with NCCL also if this is not Linux on x86-64,
   *     or PyTorch is not built for CUDA
   */
  public static void prepare(JoinSettings settings) {
    requireNonNull(settings, "settings");
    settings.nccl().ifPresent(Nccl::load); // it may choose another PyTorch, so it comes first
    Collective.load();
  }

  @Override
  public int rank() {
    return settings.rank();
  }

  @Override
  public int size() {
    return settings.size();
  }

  @Override
  public double[] allGather(double[] mine, int[] lengths) {
    requireNonNull(mine, "mine");
    requireNonNull(lengths, "lengths");
    if (lengths.length != size() || lengths[rank()] != mine.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "rank %d of %d has %d values, but the lengths are %s",
              rank(),
              size(),
              mine.length,
              Arrays.toString(lengths)));
    }
    int longest = Arrays.stream(lengths).max().orElseThrow();
    double[] all = new double[Arrays.stream(lengths).sum()];
    exchange(
        longest,
        List.of(),
        scope -> {
          NDArray padded = scope.create(Arrays.copyOf(mine, longest)); // gloo wants equal lengths
          double[] rows =
              kernels.call(scope, "gather_from_ranks", padded, size(), name).toDoubleArray();
          int start = 0;
          for (int rank = 0; rank < size(); rank++) {
            System.arraycopy(rows, rank * longest, all, start, lengths[rank]);
            start += lengths[rank];
          }
        });
    return all;
  }

  @Override
  public void sum(List<NDArray> arrays) {
    requireNonNull(arrays, "arrays");
    exchangeInPlace(arrays, () -> kernels.run("sum_over_ranks", arrays, byCpu(), name));
  }

  @Override
  public void broadcast(List<NDArray> arrays, int[] from) {
    requireNonNull(arrays, "arrays");
    requireNonNull(from, "from");
    if (from.length != arrays.size()
        || Arrays.stream(from).anyMatch(rank -> rank < 0 || rank >= size())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there must be a rank in [0, %d] for each of %d arrays, not %s",
              size() - 1,
              arrays.size(),
              Arrays.toString(from)));
    }
    if (byCpu() && PieceExchange.suits(arrays, from)) {
      PieceExchange pieces = new PieceExchange(arrays, from, rank(), size());
      List<NDArray> begun = new ArrayList<>(); // outlives the scope, for finish
      exchange(arrays.size(), begun, scope -> pieces.run(kernels, manager, name, begun));
    } else {
      long[] ranks = Arrays.stream(from).asLongStream().toArray();
      exchangeInPlace(arrays, () -> kernels.run("broadcast_from", arrays, ranks, byCpu(), name));
    }
  }

  private boolean byCpu() {
    return settings.nccl().isEmpty();
  }

  /**
   * Where NCCL is used, gloo is before and after it: NCCL itself would wait for a rank that has
   * ended, and one that leaves at once could take with it what another one has not yet read.
   */
  private void exchangeInPlace(List<NDArray> arrays, Runnable exchange) {
    exchange(
        arrays.size(),
        arrays,
        scope -> {
          meet(scope);
          exchange.run();
          meet(scope);
        });
  }

  private void meet(NDManager scope) {
    if (!byCpu()) {
      kernels.call(scope, "gather_from_ranks", scope.create(new double[1]), size(), name);
    }
  }

  private interface Exchange {
    void in(NDManager scope);
  }

  /** Does a collective call, of some amount on all ranks, that may work on some arrays in place. */
  private synchronized void exchange(int amount, List<NDArray> inPlace, Exchange exchange) {
    if (failure != null) {
      throw new ProcessGroupException(String.valueOf(failure.getMessage()), failure);
    }
    if (handle == 0) {
      throw new IllegalStateException("rank " + rank() + " has left the group");
    }
    if (amount == 0) {
      return; // on all ranks
    }
    try (NDManager scope = manager.newSubManager()) {
      exchange.in(scope);
    } catch (RuntimeException e) {
      failure = new ProcessGroupException(GlooFailure.text(e, settings, rendezvous), e);
      leave();
      finish(inPlace);
      throw failure;
    }
  }

  /** Has PyTorch forget what had begun when the first failed, and the connections with it. */
  private void finish(List<NDArray> arrays) {
    for (NDArray array : arrays) {
      try {
        kernels.run("finish", array);
      } catch (RuntimeException e) {
        // It failed as the first did.
      }
    }
  }

  @Override
  public synchronized void fail(String reason) {
    requireNonNull(reason, "reason");
    if (handle != 0) {
      rendezvous.report("rank " + rank() + " failed: " + reason);
      close();
    }
  }

  /**
   * {@inheritDoc} It waits for a call that is running in another thread, as long as that takes. A
   * process that ends need not close its groups: their connections end with it.
   */
  @Override
  public synchronized void close() {
    leave();
    rendezvous.close();
    manager.close();
  }

  private void leave() {
    if (handle != 0) {
      Collective.leave(name, handle);
      handle = 0;
    }
  }
}
