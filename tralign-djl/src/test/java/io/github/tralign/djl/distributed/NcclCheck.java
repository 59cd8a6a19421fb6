package io.github.tralign.djl.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.distributed.Ranks.Outcome;
import io.github.tralign.djl.kernel.PyTorch;
import io.github.tralign.djl.kernel.TorchChoice;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * NCCL beside a PyTorch for CUDA. No part of the build: {@code ./mvnw -pl tralign-djl -am
 * -Dtest=NcclCheck -Dsurefire.failIfNoSpecifiedTests=false -Dtralign.pytorch=DIR test}. Ranks are
 * threads of this process, each with a GPU of its own.
 */
class NcclCheck {

  private static int gpus() {
    TorchChoice.preferCuda();
    return PyTorch.start().getGpuCount();
  }

  static boolean hasGpu() {
    return gpus() > 0;
  }

  static boolean hasNoGpu() {
    return gpus() == 0;
  }

  @Test
  @EnabledIf("hasNoGpu")
  void without_a_gpu_the_library_is_loaded_and_says_that_there_is_none() throws Exception {
    System.load(TorchChoice.loadedFrom().resolve("libtorch_cuda.so").toString());
    Nccl.load(
        Nccl.library(
            "Linux",
            "amd64",
            PyTorch.start().getVersion(),
            TorchChoice.loadedFrom(),
            NcclCheck.class.getClassLoader()));
    for (int size : List.of(1, 2)) {
      List<Outcome<Long>> outcomes =
          Ranks.run(size, settings -> connect(settings.timeout(Ranks.LONG).nccl(0)));
      assertThat(outcomes)
          .hasSize(size)
          .allSatisfy(
              it ->
                  assertThat(it.failure())
                      .hasMessageMatching(
                          "rank [01] at 127.0.0.1 cannot connect to the other ranks: NCCL finds no"
                              + " GPU; .*"));
    }
  }

  private static long connect(JoinSettings settings) {
    try (Rendezvous rendezvous = Rendezvous.at(settings, new Patience(settings.timeout()))) {
      rendezvous.meet(InetAddress.getLoopbackAddress());
      return Connecting.group("check-" + settings.rank(), settings, rendezvous);
    }
  }

  @Test
  @EnabledIf("hasGpu")
  void arrays_of_gpus_are_summed_and_sent() throws Exception {
    int size = gpus();
    List<Outcome<float[]>> outcomes =
        Ranks.run(
            size,
            settings ->
                Ranks.joined(
                    settings.timeout(Ranks.LONG).nccl(settings.rank()), NcclCheck::exchange));
    float sum = IntStream.rangeClosed(1, size).sum();
    assertThat(outcomes)
        .hasSize(size)
        .allSatisfy(it -> assertThat(it.failure()).isNull())
        .allSatisfy(it -> assertThat(it.result()).containsExactly(sum, sum, size));
  }

  /** A value of a sum, one of the sum of a transposed array, and one that the last rank sent. */
  private static float[] exchange(GlooProcessGroup group) {
    try (NDManager manager = PyTorch.start().newBaseManager(Device.gpu(group.rank()))) {
      float mine = group.rank() + 1;
      NDArray large = manager.full(new Shape(1_000_003), mine, DataType.FLOAT32);
      NDArray columns = manager.full(new Shape(3, 5), mine, DataType.FLOAT32).transpose();
      NDArray sent = manager.full(new Shape(7), mine, DataType.FLOAT32);
      group.sum(List.of(large, columns));
      group.broadcast(List.of(sent), new int[] {group.size() - 1});
      assertThat(group.sum(new double[] {1})).containsExactly(group.size());
      return new float[] {large.max().getFloat(), columns.min().getFloat(), sent.mean().getFloat()};
    }
  }

  @Test
  @EnabledIf("hasGpu")
  void two_ranks_with_one_gpu_are_refused() throws Exception {
    List<Outcome<Integer>> outcomes =
        Ranks.run(
            2,
            settings -> Ranks.joined(settings.timeout(Ranks.LONG).nccl(0), GlooProcessGroup::size));
    assertThat(outcomes)
        .hasSize(2)
        .allSatisfy(
            it ->
                assertThat(it.failure()).hasMessageContaining("has the same GPU as another rank"));
  }
}
