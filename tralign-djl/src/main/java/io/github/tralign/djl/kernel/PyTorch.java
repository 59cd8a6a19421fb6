package io.github.tralign.djl.kernel;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.base.Throwables;
import io.github.tralign.InvalidInputException;
import io.github.tralign.text.Numbers;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** DJL's PyTorch engine, started once per process and without network access. */
public final class PyTorch {

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d+))?");

  private PyTorch() {}

  /**
   * Starts the engine unless it is running.
   *
   * @throws IllegalStateException if PyTorch's native library for this machine is not on the class
   *     path, or the system does not load it
   * @throws InvalidInputException if the PyTorch of the system property {@code tralign.pytorch}
   *     does not fit
   * @throws UncheckedIOException if the library cannot be unpacked
   */
  public static Engine start() {
    Offline.ensure();
    TorchChoice.settle();
    try {
      return Engine.getEngine(PtEngine.ENGINE_NAME);
    } catch (EngineException | UnsatisfiedLinkError e) {
      Optional<UncheckedIOException> disk =
          UnpackedLibraries.failure("PyTorch's native libraries", e);
      if (disk.isPresent()) {
        throw disk.get();
      }
      throw new IllegalStateException(
          TorchChoice.named()
              .map(it -> it + " cannot be loaded: " + Throwables.getRootCause(e).getMessage())
              .or(() -> UnpackedLibraries.unusable("pytorch", e))
              .orElse(
                  "PyTorch's native library cannot be loaded; add ai.djl.pytorch:pytorch-native-cpu"
                      + " with the classifier of this machine and the matching pytorch-jni to the"
                      + " class path, see docs/java.md"),
          e);
    }
  }

  /** Sets the number of threads used within an operator, ≥ 1, for the whole process. */
  public static void useThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "the number of threads must be at least 1, not " + threads);
    }
    JniUtils.setNumThreads(threads);
  }

  /**
   * The number of the GPU with a name: {@code cuda}, which is 0, or {@code cuda:N}.
   *
   * @throws InvalidInputException if it is another name
   */
  public static int gpu(String name) {
    Matcher matcher = CUDA.matcher(name);
    if (!matcher.matches()) {
      throw new InvalidInputException(
          "device '" + name + "' is unknown; expected cpu, cuda or cuda:N");
    }
    return matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
  }

  /**
   * The device with a name: {@code cpu}, {@code cuda} or {@code cuda:N}.
   *
   * @throws InvalidInputException if there is no such device
   */
  public static Device device(String name) {
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    int index = gpu(name);
    TorchChoice.preferCuda();
    int count = start().getGpuCount();
    if (index >= count) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "device '%s' does not exist: %s found; %s; see docs/gpu.md",
              name,
              Numbers.count(count, "CUDA device"),
              TorchChoice.explanation()));
    }
    return Device.gpu(index);
  }
}
