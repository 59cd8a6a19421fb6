package io.github.tralign.djl.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.distributed.Ranks.Outcome;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.PyTorch;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What needs no GPU and no PyTorch for CUDA; the rest is {@link NcclCheck}. */
class NcclTest {

  private static final ClassLoader LOADER = NcclTest.class.getClassLoader();

  @TempDir private Path torch;

  @Test
  void another_machine_or_pytorch_is_refused_before_the_library_is_loaded() throws IOException {
    assertThatThrownBy(() -> Nccl.library("Linux", "aarch64", "2.7.1", torch, LOADER))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("NCCL needs Linux on x86-64; this is Linux on aarch64");
    assertThatThrownBy(() -> Nccl.library("Windows 11", "amd64", "2.7.1", torch, LOADER))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("NCCL needs Linux on x86-64; this is Windows 11 on amd64");
    assertThatThrownBy(() -> Nccl.library("Linux", "amd64", "2.8.0", torch, LOADER))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "NCCL needs PyTorch 2.7.1, which this version of tralign was built for; this is"
                + " PyTorch 2.8.0");
    assertThatThrownBy(() -> Nccl.library("Linux", "amd64", "2.7.1", torch, LOADER))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "NCCL needs a PyTorch for CUDA; that of %s has no libtorch_cuda.so; see docs/gpu.md",
            torch);

    Files.createFile(torch.resolve("libtorch_cuda.so"));
    ClassLoader none = ClassLoader.getPlatformClassLoader();
    assertThatThrownBy(() -> Nccl.library("Linux", "amd64", "2.7.1", torch, none))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "NCCL needs tralign's native library, which is missing; add"
                + " io.github.tralign:tralign-native with the classifier linux-x86_64, in the"
                + " version of tralign-djl");
    assertThat(Nccl.library("Linux", "x86_64", "2.7.1", torch, LOADER)).isNotNull();
  }

  @Test
  void it_is_asked_for_by_the_number_of_a_gpu() {
    JoinSettings settings = JoinSettings.of("localhost", 29_500, 0, 2);
    assertThat(settings.nccl()).isEmpty();
    assertThat(settings.nccl(1).address("127.0.0.1").timeout(Ranks.LONG).nccl()).hasValue(1);
    assertThatThrownBy(() -> settings.nccl(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the number of the GPU must be at least 0, not -1");
  }

  /** As it is for NCCL, here with arrays of the CPU by gloo. */
  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "x86_64"})
  void arrays_that_stay_on_their_device_are_summed_and_sent() throws Exception {
    List<Outcome<List<float[]>>> outcomes = Ranks.run(2, NcclTest::exchange);
    assertThat(outcomes)
        .hasSize(2)
        .allSatisfy(it -> assertThat(it.failure()).isNull())
        .allSatisfy(
            it ->
                assertThat(it.result())
                    .containsExactly(new float[] {11, 17, 13, 19}, new float[] {2, 5, 3, 6}));
  }

  private static List<float[]> exchange(JoinSettings settings) {
    String name = "direct-" + settings.rank();
    try (Rendezvous rendezvous = Rendezvous.at(settings, new Patience(settings.timeout()));
        NDManager manager = PyTorch.start().newBaseManager(Device.cpu())) {
      rendezvous.meet(InetAddress.getLoopbackAddress());
      long group = Connecting.group(name, settings, rendezvous);
      try {
        float[] mine =
            settings.rank() == 0 ? new float[] {2, 3, 5, 6} : new float[] {9, 10, 12, 13};
        NDArray summed = manager.create(mine, new Shape(2, 2)).transpose(); // not contiguous
        NDArray sent = manager.create(mine, new Shape(2, 2)).transpose();
        Kernels kernels = Kernels.collectives(manager);
        kernels.run("sum_over_ranks", List.of(summed), false, name);
        kernels.run("broadcast_from", List.of(sent), new long[] {0}, false, name);
        return List.of(summed.toFloatArray(), sent.toFloatArray());
      } finally {
        Collective.leave(name, group);
      }
    }
  }

  @Test
  void failures_are_told_in_a_line() {
    String error =
        """
        NCCL error in: /pytorch/torch/csrc/distributed/c10d/NCCLUtils.cpp:77, invalid usage
        ncclInvalidUsage: This usually reflects invalid usage of NCCL library.
        Last error:
        %s
        Exception raised from create at
        """;
    assertThat(
            NcclFailure.text(
                error.formatted(
                    "Duplicate GPU detected : rank 1 and rank 0 both on CUDA device 1000")))
        .isEqualTo(
            "rank 1 has the same GPU as another rank; give each its own, by CUDA_VISIBLE_DEVICES or"
                + " --device cuda:N");
    assertThat(NcclFailure.text(error.formatted("Error: network not found.")))
        .isEqualTo("NCCL: Error: network not found.");
    assertThat(NcclFailure.text("this PyTorch was built with NCCL 2.27.3\nException raised"))
        .isEqualTo("this PyTorch was built with NCCL 2.27.3");
    assertThat(NcclFailure.text("ProcessGroupNCCL is only supported with GPUs, no GPUs found!"))
        .isEqualTo("NCCL finds no GPU; './tralign doctor --device cuda' says why, see docs/gpu.md");
  }
}
