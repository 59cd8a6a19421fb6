package io.github.tralign.djl.kernel;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The kernels of the optional module {@code tralign-native}: products of matrices and attention out
 * of bf16 products, as operators of PyTorch by the name of {@code tralign}. There is a library for
 * Linux on x86-64, and it needs a processor with AMX.
 */
public final class NativeKernels {

  /** The machine that they need, as the object of a sentence. */
  public static final String MACHINE =
      "Linux and an x86-64 processor with AMX (amx_bf16 in /proc/cpuinfo)";

  private static boolean loaded;

  private NativeKernels() {}

  /** Whether they can be computed here: on Linux, x86-64 and AMX, with the module's jar. */
  public static boolean areSupported() {
    return requirement().isEmpty();
  }

  /** What they need and is not here, if so, as the object of a sentence. */
  public static Optional<String> requirement() {
    return requirement(Processor.hasAmx(), NativeKernels.class.getClassLoader());
  }

  static Optional<String> requirement(boolean amx, ClassLoader loader) {
    if (!System.getProperty("os.name").equals("Linux") || !Kernels.isX86() || !amx) {
      return Optional.of(MACHINE);
    }
    if (NativeLibrary.find(loader).isEmpty()) {
      return Optional.of(
          "tralign's native library, which is missing (add " + NativeLibrary.ARTIFACT + ")");
    }
    return Optional.empty();
  }

  /**
   * Loads the library, once a process, after PyTorch's.
   *
   * @throws IllegalStateException if it cannot be loaded: they are not supported, PyTorch is older
   *     than 2.7, or the system keeps AMX from the process
   * @throws InvalidInputException if the library is another one than this version was built with
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    requirement()
        .ifPresent(
            it -> {
              throw new IllegalStateException("tralign's native kernels need " + it);
            });
    try {
      NativeLibrary library =
          NativeLibrary.find(NativeKernels.class.getClassLoader()).orElseThrow();
      Path file = library.unpack(NativeCache.settle());
      try {
        System.load(file.toAbsolutePath().toString());
      } finally {
        Files.delete(file);
      }
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "tralign's native library cannot be loaded; it needs PyTorch 2.7 or later and a"
              + " system that lets a process use AMX: "
              + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "tralign's native library cannot be written to a temporary file", e);
    }
    loaded = true;
  }
}
