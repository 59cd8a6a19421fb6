package io.github.tralign.djl.kernel;

import io.github.tralign.InvalidInputException;
import java.util.Optional;

/**
 * The kernels of the optional module {@code tralign-native}, as operators of PyTorch by the name of
 * {@code tralign}. There is a library for Linux on x86-64. What generation needs, attention to a
 * cache and products with packed matrices, runs on processors with AVX2 and is used wherever the
 * module is there. Products and attention out of bf16 products need AMX.
 */
public final class NativeKernels {

  /** The machine that products need, as the object of a sentence. */
  public static final String MACHINE =
      "Linux and an x86-64 processor with AMX (amx_bf16 in /proc/cpuinfo)";

  /** The system property that, if it is "false", has PyTorch compute what generation needs. */
  private static final String SWITCH = "tralign.native";

  private static boolean loaded;

  private NativeKernels() {}

  /** Whether products can be computed here: on Linux, x86-64 and AMX, with the module's jar. */
  public static boolean areSupported() {
    return requirement().isEmpty();
  }

  /** What products need and is not here, if so, as the object of a sentence. */
  public static Optional<String> requirement() {
    return requirement(Processor.hasAmx(), NativeKernels.class.getClassLoader());
  }

  static Optional<String> requirement(boolean amx, ClassLoader loader) {
    if (!isLinuxOnX86() || !amx) {
      return Optional.of(MACHINE);
    }
    if (library(loader).isEmpty()) {
      return Optional.of(
          "tralign's native library, which is missing (add "
              + NativeLibrary.artifact(NativeLibrary.LINUX_X86)
              + ")");
    }
    return Optional.empty();
  }

  private static Optional<NativeLibrary> library(ClassLoader loader) {
    return NativeLibrary.find("libtralign", NativeLibrary.LINUX_X86, loader);
  }

  private static boolean isLinuxOnX86() {
    return System.getProperty("os.name").equals("Linux") && Kernels.isX86();
  }

  /**
   * Loads the library if it can compute what generation needs here.
   *
   * @return whether it is loaded
   * @throws IllegalStateException if it cannot be loaded: PyTorch is older than 2.7
   * @throws InvalidInputException if the library is another one than this version was built with
   */
  static synchronized boolean generate() {
    if (!canGenerate()) {
      return false;
    }
    load();
    return true;
  }

  /** Whether the library is there and can compute what generation needs. */
  public static boolean canGenerate() {
    return Boolean.parseBoolean(System.getProperty(SWITCH, "true"))
        && isLinuxOnX86()
        && Processor.hasAvx2()
        && isThere();
  }

  /** Whether the library for Linux on x86-64 is on the class path. */
  public static boolean isThere() {
    return library(NativeKernels.class.getClassLoader()).isPresent();
  }

  /**
   * Prepares products, once a process, after PyTorch's library is loaded.
   *
   * @throws IllegalStateException if they cannot be computed: they are not supported, PyTorch is
   *     older than 2.7, or the system keeps AMX from the process
   * @throws InvalidInputException if the library is another one than this version was built with
   */
  static synchronized void useProducts() {
    requirement()
        .ifPresent(
            it -> {
              throw new IllegalStateException("tralign's native kernels need " + it);
            });
    load();
    if (!useTiles()) {
      throw new IllegalStateException(
          "tralign's native kernels need a system that lets a process use AMX");
    }
  }

  private static void load() {
    if (loaded) {
      return;
    }
    try {
      library(NativeKernels.class.getClassLoader()).orElseThrow().load();
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "tralign's native library cannot be loaded; it needs PyTorch 2.7 or later: "
              + e.getMessage(),
          e);
    }
    loaded = true;
  }

  /** Asks the system to let this process use AMX. */
  private static native boolean useTiles();
}
