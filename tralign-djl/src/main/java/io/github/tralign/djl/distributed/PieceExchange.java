package io.github.tralign.djl.distributed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.tralign.djl.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Arrays that each go from one rank, their owner, to all others. Their values are cut into pieces,
 * and in each round every rank sends its next piece and receives those of the others, so that data
 * goes in both directions at once. Broadcasts were measured to take turns, in whatever order they
 * were begun.
 */
final class PieceExchange {

  private static final int PIECE = 1 << 18; // values
  private static final int AHEAD = 4; // rounds that are begun before the first is waited for

  /** Consecutive values of an array. */
  private record Slice(NDArray array, long first, long length) {}

  private final int rank;
  private final NDArray like;
  private final List<List<List<Slice>>> pieces = new ArrayList<>(); // by owner and round

  /** The same arrays, of one type and with the same owners, on all ranks. */
  PieceExchange(List<NDArray> arrays, int[] owners, int rank, int size) {
    this.rank = rank;
    like = arrays.get(0);
    for (int i = 0; i < size; i++) {
      int owner = i;
      pieces.add(
          cut(
              IntStream.range(0, owners.length)
                  .filter(it -> owners[it] == owner)
                  .mapToObj(arrays::get)
                  .toList()));
    }
  }

  /** Whether arrays can be exchanged like this, and gain from it: one type, several owners. */
  static boolean suits(List<NDArray> arrays, int[] owners) {
    return arrays.stream().map(NDArray::getDataType).distinct().count() == 1
        && Arrays.stream(owners).distinct().count() > 1;
  }

  /** The values of some arrays, one after the other, in pieces of one size. */
  private static List<List<Slice>> cut(List<NDArray> arrays) {
    List<List<Slice>> pieces = new ArrayList<>();
    List<Slice> piece = List.of();
    long room = 0;
    for (NDArray array : arrays) {
      long length;
      for (long first = 0; first < array.size(); first += length) {
        if (room == 0) {
          piece = new ArrayList<>();
          pieces.add(piece);
          room = PIECE;
        }
        length = Math.min(room, array.size() - first);
        piece.add(new Slice(array, first, length));
        room -= length;
      }
    }
    return pieces;
  }

  /**
   * Exchanges all.
   *
   * @param manager of what is received, for a moment
   * @param begun gets the rounds that are on their way; not empty after a failure
   */
  void run(Kernels kernels, NDManager manager, String group, List<NDArray> begun) {
    int rounds = pieces.stream().mapToInt(List::size).max().orElse(0);
    for (int round = 0; round < rounds + AHEAD; round++) {
      if (round < rounds) {
        begun.add(begin(round, kernels, manager, group));
      }
      if (round >= AHEAD) {
        end(round - AHEAD, begun.get(0), kernels);
        begun.remove(0).close();
      }
    }
  }

  private NDArray begin(int round, Kernels kernels, NDManager manager, String group) {
    List<Slice> mine = of(round, owner -> owner == rank);
    return kernels.call(
        manager,
        "begin_round",
        arrays(mine),
        firsts(mine),
        lengths(mine),
        IntStream.range(0, pieces.size())
            .mapToLong(it -> Arrays.stream(lengths(of(round, owner -> owner == it))).sum())
            .toArray(),
        rank,
        like,
        group);
  }

  private void end(int round, NDArray begun, Kernels kernels) {
    List<Slice> others = of(round, owner -> owner != rank);
    kernels.run("end_round", begun, arrays(others), firsts(others), lengths(others));
  }

  /** What some owners send in a round, in the order of ranks. */
  private List<Slice> of(int round, IntPredicate owners) {
    return IntStream.range(0, pieces.size())
        .filter(owners)
        .mapToObj(pieces::get)
        .filter(its -> round < its.size())
        .flatMap(its -> its.get(round).stream())
        .toList();
  }

  private static List<NDArray> arrays(List<Slice> slices) {
    return slices.stream().map(Slice::array).toList();
  }

  private static long[] firsts(List<Slice> slices) {
    return slices.stream().mapToLong(Slice::first).toArray();
  }

  private static long[] lengths(List<Slice> slices) {
    return slices.stream().mapToLong(Slice::length).toArray();
  }
}
