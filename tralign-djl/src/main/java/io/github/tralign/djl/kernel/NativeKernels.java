package io.github.tralign.djl.kernel;

import com.google.common.io.Resources;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * tralign's own library, whose sources are in {@code src/main/native}: products of matrices and
 * attention out of bf16 products, as operators of PyTorch by the name of {@code tralign}. There is
 * one for Linux on x86-64, and it needs a processor with AMX.
 */
public final class NativeKernels {

  static final String LIBRARY = "linux-x86_64/libtralign.so";

  private static boolean loaded;

  private NativeKernels() {}

  /** Whether they can be computed here: on Linux, x86-64 and AMX. */
  public static boolean areSupported() {
    return System.getProperty("os.name").equals("Linux") && Kernels.isX86() && Processor.hasAmx();
  }

  /**
   * Loads the library, once a process, after PyTorch's.
   *
   * @throws IllegalStateException if it cannot be loaded: they are not supported, PyTorch is older
   *     than 2.7, or the system keeps AMX from the process
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    if (!areSupported()) {
      throw new IllegalStateException(
          "tralign's native library needs Linux and an x86-64 processor with AMX");
    }
    try {
      Path file = Files.createTempFile(NativeCache.settle(), "libtralign", ".so");
      AtomicFile.deleteAbandoned(AtomicFile.parent(file), "libtralign");
      try {
        Files.write(
            file, Resources.toByteArray(Resources.getResource(NativeKernels.class, LIBRARY)));
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
