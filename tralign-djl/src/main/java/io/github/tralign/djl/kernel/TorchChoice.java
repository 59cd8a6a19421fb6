package io.github.tralign.djl.kernel;

import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.Platform;
import com.google.common.base.Strings;
import io.github.tralign.InvalidInputException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which PyTorch this process loads. That of the class path, unless another one is chosen before the
 * engine starts: by {@link #use}, by the system property {@code tralign.pytorch}, or, for a GPU,
 * the first one on this machine that was built for CUDA and fits.
 */
public final class TorchChoice {

  /** The system property with the folder of the PyTorch to load. */
  public static final String PROPERTY = "tralign.pytorch";

  private static final Logger LOG = LoggerFactory.getLogger(TorchChoice.class);
  private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";

  /** Libraries of PyTorch's tests and of its Python, which DJL would load too. */
  private static final String NOT_NEEDED =
      List.of(
              "shm",
              "torchbind_test",
              "aoti_custom_ops",
              "backend_with_compiler",
              "jitbackend_test")
          .stream()
          .map(System::mapLibraryName)
          .collect(Collectors.joining(","));

  private static @Nullable TorchFolder used;
  private static boolean settled;

  private TorchChoice() {}

  /** Each PyTorch that pip or conda has installed, in the order in which they are considered. */
  public static List<TorchFolder> installed() {
    return TorchPlaces.here().all(TorchInterface.here());
  }

  /**
   * The PyTorch of a folder, whether it fits or not.
   *
   * @param folder of the libraries, {@code torch}, {@code site-packages} or an environment of
   *     Python
   * @throws InvalidInputException if there is none
   */
  public static TorchFolder in(Path folder) {
    return TorchFolder.in(folder, TorchInterface.here())
        .orElseThrow(
            () ->
                new InvalidInputException(
                    folder.toAbsolutePath()
                        + ": "
                        + TorchFolder.absence(folder)
                        + "; expected PyTorch's folder torch or torch/lib, or the environment of"
                        + " Python that it is installed in"));
  }

  /** The version of the interface on the class path, such as {@code 2.7.1-0.36.0}. */
  public static String interfaceVersion() {
    return TorchInterface.here().version();
  }

  /**
   * Has this process load a PyTorch.
   *
   * @throws InvalidInputException if it does not fit
   * @throws IllegalStateException if the engine has started with another one, or the environment
   *     variable PYTORCH_LIBRARY_PATH names one
   */
  public static synchronized void use(TorchFolder torch) {
    torch.requireFit();
    if (torch.equals(used)) {
      return;
    }
    if (settled) {
      throw new IllegalStateException(
          "PyTorch is loaded already; " + torch + " must be chosen before the first model");
    }
    if (isSetByEnvironment()) {
      throw new IllegalStateException(
          LIBRARY_PATH + " is set and names another PyTorch than " + torch + "; unset it");
    }
    System.setProperty(LIBRARY_PATH, torch.libraries().toString());
    System.setProperty("PYTORCH_VERSION", TorchInterface.here().torch());
    Optional<String> cuda = CudaRuntime.hasDriver() ? torch.cuda() : Optional.empty();
    System.setProperty("PYTORCH_FLAVOR", TorchInterface.here().variant(cuda).orElseThrow());
    System.setProperty("PYTORCH_LIBRARY_EXCLUSION", NOT_NEEDED);
    if (CudaRuntime.hasDriver()) { // else the library finds none, and DJL warns of it many times
      torch.runtime().ifPresent(TorchChoice::searchFor);
    }
    used = torch;
  }

  /** Has JNA find the runtime library of CUDA, which DJL counts the GPUs with. */
  private static void searchFor(Path runtime) {
    String paths = Strings.nullToEmpty(System.getProperty("jna.library.path"));
    System.setProperty(
        "jna.library.path",
        paths.isEmpty() ? runtime.toString() : paths + File.pathSeparator + runtime);
  }

  /** For a GPU: takes a PyTorch for CUDA, unless one is chosen or on the class path. */
  public static synchronized void preferCuda() {
    if (settled
        || used != null
        || isSetByEnvironment()
        || isGiven()
        || hasCudaOnClassPath()
        || !CudaRuntime.hasDriver()) {
      return;
    }
    Optional<TorchFolder> found = firstForCuda();
    found.ifPresent(
        it -> {
          use(it);
          LOG.info("using {}", it);
        });
  }

  private static Optional<TorchFolder> firstForCuda() {
    return installed().stream().filter(it -> it.fits() && it.cuda().isPresent()).findFirst();
  }

  private static boolean isGiven() {
    return !Strings.nullToEmpty(System.getProperty(PROPERTY)).isEmpty();
  }

  private static boolean isSetByEnvironment() {
    return !Strings.nullToEmpty(System.getenv(LIBRARY_PATH)).isEmpty();
  }

  private static boolean hasCudaOnClassPath() {
    Platform platform = Platform.detectPlatform("pytorch");
    return !platform.isPlaceholder() && platform.getFlavor().startsWith("cu");
  }

  /** The engine starts now: what the property names is used, and no other choice from here on. */
  static synchronized void settle() {
    if (!settled && used == null && isGiven()) {
      use(in(Path.of(System.getProperty(PROPERTY))));
    }
    if (!settled && used == null && isSetByEnvironment()) {
      requireWhole(Path.of(System.getenv(LIBRARY_PATH)));
    }
    settled = true;
  }

  private static void requireWhole(Path given) {
    Path folder = Files.isRegularFile(given) ? given.resolveSibling("") : given;
    if (!Files.exists(folder.resolve(System.mapLibraryName("torch_cpu")))) {
      throw new InvalidInputException(
          LIBRARY_PATH
              + ": "
              + given
              + " has no "
              + System.mapLibraryName("torch_cpu")
              + "; name the folder of PyTorch's libraries, or unset the variable");
    }
    LibraryFile.damageWithin(folder)
        .ifPresent(
            it -> {
              throw new InvalidInputException(
                  ofEnvironment()
                      + ", is damaged: "
                      + it
                      + "; install it again, or unset the variable");
            });
  }

  /** A PyTorch that was asked for by a folder, or by the environment. */
  static synchronized Optional<String> named() {
    return used()
        .map(TorchFolder::toString)
        .or(() -> isSetByEnvironment() ? Optional.of(ofEnvironment() + ",") : Optional.empty());
  }

  private static String ofEnvironment() {
    return "the PyTorch of " + LIBRARY_PATH + ", " + System.getenv(LIBRARY_PATH);
  }

  /** The PyTorch that was chosen; empty for that of the class path. */
  public static synchronized Optional<TorchFolder> used() {
    return Optional.ofNullable(used);
  }

  /** What is loaded and, if it has no CUDA, why no other one was taken, as sentences. */
  public static String explanation() {
    Optional<TorchFolder> chosen = used();
    if (!CudaRuntime.hasDriver()) {
      return chosen.map(it -> it + " is used; ").orElse("")
          + "this machine has no NVIDIA driver (no /dev/nvidiactl)";
    }
    if (chosen.isPresent()) {
      return chosen.get() + " is used";
    }
    if (isSetByEnvironment()) {
      return ofEnvironment() + ", is used";
    }
    if (hasCudaOnClassPath()) {
      return "the PyTorch of the class path is used";
    }
    List<TorchFolder> installed = installed();
    return installed.isEmpty()
        ? "no PyTorch for CUDA was found; pip install torch=="
            + TorchInterface.here().torch()
            + " installs one"
        : installed.stream()
            .map(TorchChoice::reason)
            .collect(Collectors.joining("; ", "no PyTorch for CUDA was taken: ", ""));
  }

  private static String reason(TorchFolder torch) {
    return torch + (torch.fits() && torch.cuda().isEmpty() ? " is built without CUDA" : "");
  }

  /** The folder that the engine, which must be running, was loaded from. */
  public static Path loadedFrom() {
    return Path.of(LibUtils.getLibtorchPath());
  }
}
