package io.github.tralign.benchmarks;

import ai.djl.ndarray.NDArray;
import io.github.tralign.djl.TensorGroup;
import java.util.List;
import java.util.Locale;

/** A group that measures its calls, waiting for other ranks included. */
final class TimedGroup implements TensorGroup {

  private final TensorGroup group;
  private long calls;
  private long gathering;
  private long summing;
  private long broadcasting;
  private long bytesSummed;

  TimedGroup(TensorGroup group) {
    this.group = group;
  }

  /** Forgets what was measured so far. */
  void reset() {
    calls = 0;
    gathering = 0;
    summing = 0;
    broadcasting = 0;
    bytesSummed = 0;
  }

  /** What was measured, for one of some steps. */
  String perStep(int steps) {
    return String.format(
        Locale.ROOT,
        "%.1f calls, gathering %.3f s, summing %.1f MB %.3f s, broadcasting %.3f s",
        (double) calls / steps,
        gathering / 1e9 / steps,
        bytesSummed / 1e6 / steps,
        summing / 1e9 / steps,
        broadcasting / 1e9 / steps);
  }

  @Override
  public void sum(List<NDArray> arrays) {
    any(false); // so that waiting for the others is not taken for summing
    long start = System.nanoTime();
    group.sum(arrays);
    summing += System.nanoTime() - start;
    bytesSummed += Float.BYTES * arrays.stream().mapToLong(NDArray::size).sum();
    calls++;
  }

  @Override
  public void broadcast(List<NDArray> arrays, int[] from) {
    long start = System.nanoTime();
    group.broadcast(arrays, from);
    broadcasting += System.nanoTime() - start;
    calls++;
  }

  @Override
  public double[] allGather(double[] mine, int[] lengths) {
    long start = System.nanoTime();
    double[] all = group.allGather(mine, lengths);
    gathering += System.nanoTime() - start;
    calls++;
    return all;
  }

  @Override
  public int rank() {
    return group.rank();
  }

  @Override
  public int size() {
    return group.size();
  }

  @Override
  public void close() {
    group.close();
  }
}
