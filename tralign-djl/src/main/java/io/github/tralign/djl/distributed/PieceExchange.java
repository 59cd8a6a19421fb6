package io.github.tralign.djl.distributed;

import static java.util.Comparator.comparingLong;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.tralign.djl.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Arrays that each go from one rank, their owner, to all others. They are cut into pieces, and in
 * each round every rank sends its next piece and receives those of the others, so that data goes in
 * both directions at once. Broadcasts would take turns: gloo sends data only after the receiver has
 * said that it is ready, and that message waits behind the data that the receiver itself sends.
 */
final class PieceExchange {

  private static final int PIECE = 1 << 18; // values
  private static final int AHEAD = 4; // rounds that are begun before the first is waited for

  private record Piece(NDArray array, long first, long length) {}

  private final int rank;
  private final NDArray like;
  private final List<List<Piece>> pieces = new ArrayList<>(); // by owner

  /** The same arrays, of one type and with the same owners, on all ranks. */
  PieceExchange(List<NDArray> arrays, int[] owners, int rank, int size) {
    this.rank = rank;
    like = arrays.get(0);
    for (int i = 0; i < size; i++) {
      int owner = i;
      pieces.add(
          IntStream.range(0, owners.length)
              .filter(it -> owners[it] == owner)
              .mapToObj(arrays::get)
              .sorted(comparingLong((NDArray it) -> it.size()).reversed()) // small ones meet
              .flatMap(PieceExchange::cut)
              .toList());
    }
  }

  /** Whether arrays can be exchanged like this, and gain from it: one type, several owners. */
  static boolean suits(List<NDArray> arrays, int[] owners) {
    return arrays.stream().map(NDArray::getDataType).distinct().count() == 1
        && Arrays.stream(owners).distinct().count() > 1;
  }

  private static Stream<Piece> cut(NDArray array) {
    long size = array.size();
    return LongStream.iterate(0, first -> first < size, first -> first + PIECE)
        .mapToObj(first -> new Piece(array, first, Math.min(PIECE, size - first)));
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
    List<Piece> mine = of(round, owner -> owner == rank);
    return kernels.call(
        manager,
        "begin_round",
        mine.stream().map(Piece::array).toList(),
        mine.stream().mapToLong(Piece::first).sum(),
        IntStream.range(0, pieces.size())
            .mapToLong(
                it -> of(round, owner -> owner == it).stream().mapToLong(Piece::length).sum())
            .toArray(),
        rank,
        like,
        group);
  }

  private void end(int round, NDArray begun, Kernels kernels) {
    List<Piece> others = of(round, owner -> owner != rank);
    kernels.run(
        "end_round",
        begun,
        others.stream().map(Piece::array).toList(),
        others.stream().mapToLong(Piece::first).toArray(),
        others.stream().mapToLong(Piece::length).toArray());
  }

  /** The pieces of a round that some owners have. */
  private List<Piece> of(int round, IntPredicate owners) {
    return IntStream.range(0, pieces.size())
        .filter(owners)
        .mapToObj(pieces::get)
        .filter(its -> round < its.size())
        .map(its -> its.get(round))
        .toList();
  }
}
