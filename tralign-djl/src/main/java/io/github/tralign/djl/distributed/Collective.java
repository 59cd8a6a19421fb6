package io.github.tralign.djl.distributed;

import io.github.tralign.djl.kernel.NativeLibrary;
import io.github.tralign.djl.kernel.PyTorch;
import java.util.Locale;

/**
 * The native library: PyTorch's stores and groups, which TorchScript cannot make. It calls PyTorch
 * in C++ and so fits one version of it only.
 *
 * <p>All methods report failures of PyTorch as {@link IllegalStateException}.
 */
final class Collective {

  /** The version of PyTorch that the library was built for. */
  static final String PYTORCH = "2.7.1";

  private static boolean loaded;

  private Collective() {}

  /**
   * Loads the library, once a process.
   *
   * @throws IllegalStateException if it does not fit this machine or this PyTorch, or is missing
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    NativeLibrary library =
        library(
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            PyTorch.start().getVersion(),
            Collective.class.getClassLoader());
    try {
      library.load();
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "the native library for several processes cannot be loaded: " + e.getMessage(), e);
    }
    loaded = true;
  }

  /** The library for a machine and a version of PyTorch. */
  static NativeLibrary library(
      String system, String processor, String pytorch, ClassLoader loader) {
    String platform =
        switch (system + " " + processor) {
          case "Linux amd64", "Linux x86_64" -> "linux-x86_64";
          case "Linux aarch64" -> "linux-aarch64";
          default ->
              throw new IllegalStateException(
                  String.format(
                      Locale.ROOT,
                      "several processes need Linux on x86-64 or ARM64; this is %s on %s",
                      system,
                      processor));
        };
    if (!pytorch.equals(PYTORCH)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "several processes need PyTorch %s, which this version of tralign was built for;"
                  + " this is PyTorch %s",
              PYTORCH,
              pytorch));
    }
    return NativeLibrary.find("libtralign-collective", platform, loader)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "several processes need tralign's native library, which is missing; add "
                        + NativeLibrary.artifact(platform)));
  }

  /**
   * Serves a store on all addresses of this machine.
   *
   * @param port 0 for a free one
   * @return its handle
   */
  static native long serve(int port, long timeoutMillis);

  /** The port of a store. */
  static native int port(long store);

  /** Connects to a store that another process serves; gives a handle. */
  static native long connect(String host, int port, long timeoutMillis);

  /**
   * Puts a value, unless the key has one that is not empty already.
   *
   * @return the value that the key has now
   */
  static native String put(long store, String key, String value);

  /** Closes a store. Its handle is of no use afterwards. */
  static native void release(long store);

  /**
   * Makes a group of the processes that call this with one place, where a store is served, and
   * registers it for PyTorch's operators. Returns when all are connected.
   *
   * @param name for the operators of this process
   * @param address of this machine, that the others connect to
   * @param timeoutMillis for this call, and each operator
   * @return its handle
   */
  static native long join(
      String name, String host, int port, int rank, int size, String address, long timeoutMillis);

  /** Closes the connections of a group. Its handle is of no use afterwards. */
  static native void leave(String name, long group);
}
