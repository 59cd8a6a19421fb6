package io.github.tralign.djl.distributed;

import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.kernel.NativeLibrary;
import io.github.tralign.djl.kernel.PyTorch;
import io.github.tralign.djl.kernel.TorchChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The native library for NCCL, PyTorch's collectives for GPUs. It is loaded only where it is asked
 * for, beside a PyTorch for CUDA.
 */
final class Nccl {

  private static boolean loaded;

  private Nccl() {}

  /**
   * Loads the library, once a process.
   *
   * @param gpu the number of the GPU whose arrays are exchanged
   * @throws InvalidInputException if there is no such GPU
   * @throws IllegalStateException if the library does not fit this machine or this PyTorch, or is
   *     missing
   */
  static void load(int gpu) {
    TorchChoice.preferCuda();
    String version = PyTorch.start().getVersion();
    NativeLibrary library =
        library(
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            version,
            TorchChoice.loadedFrom(),
            Nccl.class.getClassLoader());
    PyTorch.device("cuda:" + gpu); // that there is one
    load(library);
  }

  static synchronized void load(NativeLibrary library) {
    if (loaded) {
      return;
    }
    try {
      library.load();
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "the native library for NCCL cannot be loaded: " + e.getMessage(), e);
    }
    loaded = true;
  }

  /**
   * The library for a machine and a PyTorch.
   *
   * @param torch the folder of its libraries
   */
  static NativeLibrary library(
      String system, String processor, String version, Path torch, ClassLoader loader) {
    require(
        system.equals("Linux") && (processor.equals("amd64") || processor.equals("x86_64")),
        "NCCL needs Linux on x86-64; this is %s on %s",
        system,
        processor);
    require(
        version.equals(Collective.PYTORCH),
        "NCCL needs PyTorch %s, which this version of tralign was built for; this is PyTorch %s",
        Collective.PYTORCH,
        version);
    require(
        Files.isRegularFile(torch.resolve("libtorch_cuda.so")),
        "NCCL needs a PyTorch for CUDA; that of %s has no libtorch_cuda.so; see docs/gpu.md",
        torch);
    return NativeLibrary.find("libtralign-collective-nccl", "linux-x86_64", loader)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "NCCL needs tralign's native library, which is missing; add "
                        + NativeLibrary.artifact("linux-x86_64")));
  }

  private static void require(boolean fits, String message, Object... values) {
    if (!fits) {
      throw new IllegalStateException(String.format(Locale.ROOT, message, values));
    }
  }

  /**
   * Connects the processes of a group by NCCL too, for its arrays on a GPU. Returns when all are
   * connected; the connections end with the group.
   *
   * @param group see {@link Collective#join}
   * @param host where the store of the group is served
   * @param gpu of this process; no other one has it
   * @param timeoutMillis for each operator
   * @throws IllegalStateException if PyTorch was built with another NCCL, or NCCL fails
   */
  static native void add(long group, String host, int port, int gpu, long timeoutMillis);
}
