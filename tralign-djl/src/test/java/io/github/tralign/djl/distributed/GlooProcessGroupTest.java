package io.github.tralign.djl.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.github.tralign.distributed.ProcessGroupException;
import io.github.tralign.djl.distributed.Ranks.Outcome;
import io.github.tralign.djl.kernel.PyTorch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks as threads of this process. What several processes do is {@code TwoProcessesTest}. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "x86_64"})
class GlooProcessGroupTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void values_of_any_lengths_are_gathered_in_the_order_of_ranks(int size) throws Exception {
    int[] lengths = {2, 0, 5};
    double[] all = {0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 5, Math.PI};
    int[] its = Arrays.copyOf(lengths, size);
    double[] whole = Arrays.copyOf(all, Arrays.stream(its).sum());

    List<double[]> gathered =
        Ranks.results(
            size,
            group -> {
              int from = Arrays.stream(its, 0, group.rank()).sum();
              double[] mine = Arrays.copyOfRange(whole, from, from + its[group.rank()]);
              assertThat(group.allGather(new double[0], new int[size])).isEmpty();
              assertThat(group.gatherTexts("é" + group.rank())).hasSize(size).contains("é0");
              return group.allGather(mine, its);
            });

    assertThat(gathered).hasSize(size).allSatisfy(it -> assertThat(it).containsExactly(whole));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void sums_have_the_same_bits_on_all_ranks_and_each_time(int size) throws Exception {
    List<List<HashCode>> first = Ranks.results(size, GlooProcessGroupTest::sums);
    List<List<HashCode>> again = Ranks.results(size, GlooProcessGroupTest::sums);

    assertThat(first.get(0)).hasSize(4);
    assertThat(first).containsOnly(first.get(0));
    assertThat(again).containsOnly(first.get(0));
  }

  /** Sums of arrays of several sizes, which are those of double precision. */
  private static List<HashCode> sums(GlooProcessGroup group) {
    try (NDManager manager = PyTorch.start().newBaseManager(Device.cpu())) {
      int[] sizes = {1, 1_003, 65_537, 300};
      List<NDArray> arrays = new ArrayList<>();
      List<double[]> expected = new ArrayList<>();
      for (int size : sizes) {
        double[] sum = new double[size];
        for (int rank = 0; rank < group.size(); rank++) {
          Random random = new Random(100 * size + rank);
          float[] its = new float[size];
          for (int i = 0; i < size; i++) {
            its[i] = (float) random.nextGaussian();
            sum[i] += its[i];
          }
          if (rank == group.rank()) {
            arrays.add(manager.create(its));
          }
        }
        expected.add(sum);
      }
      group.sum(arrays);
      List<HashCode> bits = new ArrayList<>();
      for (int i = 0; i < sizes.length; i++) {
        double[] found = arrays.get(i).toType(DataType.FLOAT64, false).toDoubleArray();
        for (int k = 0; k < found.length; k++) {
          found[k] = Math.abs(found[k] - expected.get(i)[k]);
        }
        assertThat(Arrays.stream(found).max().orElseThrow()).isLessThan(1e-6);
        bits.add(Hashing.sha256().hashBytes(arrays.get(i).toByteArray()));
      }
      return bits;
    }
  }

  @Test
  void each_array_goes_from_its_rank_to_all() throws Exception {
    List<String> values =
        Ranks.results(
            3,
            group -> {
              try (NDManager manager = PyTorch.start().newBaseManager(Device.cpu())) {
                NDArray vector = manager.full(new Shape(3), group.rank(), DataType.FLOAT32);
                NDArray matrix = manager.full(new Shape(2, 2), 7 * group.rank(), DataType.FLOAT64);
                group.broadcast(List.of(vector, matrix), new int[] {2, 1});
                assertThatThrownBy(() -> group.broadcast(List.of(vector), new int[] {3}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("there must be a rank in [0, 2] for each of 1 arrays, not [3]");
                return vector.toType(DataType.FLOAT64, false).sum() + " " + matrix.sum();
              }
            });

    assertThat(values).hasSize(3).containsOnly(values.get(1));
    assertThat(values.get(0)).contains("6.").contains("28.");
  }

  /** Larger than a piece, or smaller; and ranks that own more than others, or nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "01", "0110010", "2021", "220", "00000000100"})
  void arrays_of_several_ranks_go_to_all(String owners) throws Exception {
    int[] from = owners.chars().map(it -> it - '0').toArray();
    Ranks.results(
        Arrays.stream(from).max().orElseThrow() + 1,
        group -> {
          try (NDManager manager = PyTorch.start().newBaseManager(Device.cpu())) {
            List<NDArray> arrays = new ArrayList<>();
            for (int i = 0; i < from.length; i++) {
              arrays.add(counting(manager, i, group.rank()));
            }
            group.broadcast(arrays, from);
            for (int i = 0; i < from.length; i++) {
              assertThat(arrays.get(i)).isEqualTo(counting(manager, i, from[i]));
            }
            return true;
          }
        });
  }

  private static NDArray counting(NDManager manager, int array, int rank) {
    int[] rows = {300_001, 2, 1, 90_000, 131_072, 300_000, 7};
    Shape shape = new Shape(rows[array % rows.length], 3);
    return manager.arange(shape.size()).toType(DataType.FLOAT32, false).add(rank).reshape(shape);
  }

  @ParameterizedTest
  @CsvSource({"2, false", "3, false", "2, true", "3, true"})
  void where_one_leaves_the_others_fail_and_say_so(int size, boolean broadcast) throws Exception {
    List<Outcome<double[]>> outcomes =
        Ranks.run(
            size,
            Ranks.LONG,
            group -> {
              double[] sum = group.sum(new double[] {1});
              return group.rank() == 1 ? sum : exchangeTwice(group, broadcast);
            });

    assertThat(outcomes.get(1).result()).containsExactly(size);
    for (int rank = 0; rank < size; rank += 2) {
      assertThat(outcomes.get(rank).failure())
          .isInstanceOf(ProcessGroupException.class)
          .hasMessageMatching(
              (size == 2 ? "rank 1" : "one of the ranks [012], [012]")
                  + " at 127.0.0.1 has ended or left the group; rank "
                  + rank
                  + " cannot continue");
      assertThat(outcomes.get(rank).failure().getSuppressed()[0])
          .hasMessage(outcomes.get(rank).failure().getMessage());
    }
  }

  /** Large arrays, of which some are on their way when the first fails. */
  private static double[] exchangeTwice(GlooProcessGroup group, boolean broadcast) {
    try (NDManager manager = PyTorch.start().newBaseManager(Device.cpu())) {
      List<NDArray> arrays = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        arrays.add(manager.ones(new Shape(10_000)));
      }
      try {
        if (broadcast) {
          group.broadcast(arrays, IntStream.range(0, 20).map(it -> it % group.size()).toArray());
        } else {
          group.sum(arrays);
        }
      } catch (ProcessGroupException e) {
        try {
          group.sum(new double[] {1});
        } catch (ProcessGroupException again) {
          e.addSuppressed(again);
        }
        throw e;
      }
      return new double[0];
    }
  }

  @Test
  void a_rank_that_fails_is_named_with_its_reason() throws Exception {
    for (int failing = 0; failing < 3; failing++) {
      int bad = failing;
      List<Outcome<double[]>> outcomes =
          Ranks.run(
              3,
              Ranks.LONG,
              group -> {
                if (group.rank() == bad) {
                  group.fail("the disk is full");
                  return new double[0];
                }
                return group.sum(new double[] {1});
              });
      for (int rank = 0; rank < 3; rank++) {
        if (rank != bad) {
          assertThat(outcomes.get(rank).failure())
              .isInstanceOf(ProcessGroupException.class)
              .hasMessage("rank " + bad + " failed: the disk is full");
        }
      }
    }
  }

  @Test
  void a_rank_that_does_not_answer_is_waited_for_as_long_as_is_set() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    long start = System.nanoTime();
    List<Outcome<double[]>> outcomes =
        Ranks.run(
            2,
            Duration.ofSeconds(1),
            group -> {
              group.sum(new double[] {1});
              if (group.rank() == 1) {
                over.await();
                return new double[0];
              }
              try {
                return group.sum(new double[] {1});
              } finally {
                over.countDown();
              }
            });

    assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
    assertThat(outcomes.get(0).failure())
        .isInstanceOf(ProcessGroupException.class)
        .hasMessage(
            "rank 0 has waited 1 s for the other ranks: one of them hangs, or needs longer; if it"
                + " does, set a longer timeout");
  }

  @Test
  void who_has_left_cannot_call() throws Exception {
    List<Outcome<String>> outcomes =
        Ranks.run(
            1,
            Ranks.LONG,
            group -> {
              assertThatThrownBy(() -> group.allGather(new double[2], new int[] {3}))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage("rank 0 of 1 has 2 values, but the lengths are [3]");
              group.close();
              group.close();
              group.sum(new double[] {1});
              return "summed";
            });
    assertThat(outcomes.get(0).failure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("rank 0 has left the group");
  }
}
