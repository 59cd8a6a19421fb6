package io.github.tralign.djl.kernel;

import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Optional;
import java.util.Properties;

/**
 * DJL's interface to PyTorch on the class path, the artifact {@code pytorch-jni}: it fits one
 * version of PyTorch, and has a variant for each major version of CUDA.
 */
final class TorchInterface {

  /** What DJL calls its variant without a GPU. */
  static final String CPU = "cpu";

  private final ClassLoader loader;
  private final String version; // such as 2.7.1-0.35.1; empty if there is none
  private final String platform;

  private TorchInterface(ClassLoader loader, String version, String platform) {
    this.loader = loader;
    this.version = version;
    this.platform = platform;
  }

  /** That of the class path, for this machine. */
  static TorchInterface here() {
    return of(TorchInterface.class.getClassLoader(), platform());
  }

  static TorchInterface of(ClassLoader loader, String platform) {
    URL url = loader.getResource("jnilib/pytorch.properties");
    Properties properties = new Properties();
    if (url != null) {
      try (InputStream in = url.openStream()) {
        properties.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException(url + ": cannot be read: " + Reason.of(e), e);
      }
    }
    return new TorchInterface(loader, properties.getProperty("jni_version", ""), platform);
  }

  private static String platform() {
    String name = System.getProperty("os.name");
    String system = name.startsWith("Win") ? "win" : name.startsWith("Mac") ? "osx" : "linux";
    return system + "-" + (Kernels.isX86() ? "x86_64" : "aarch64");
  }

  /** The artifact's version; empty if it is not there. */
  String version() {
    return version;
  }

  /** The version of PyTorch that it fits, such as {@code 2.7.1}. */
  String torch() {
    return version.replaceFirst("-.*", "");
  }

  /** Why a PyTorch does not fit, as the rest of a sentence; empty if it does. */
  Optional<String> mismatch(String torchVersion, Optional<String> cuda) {
    if (version.isEmpty()) {
      return Optional.of(
          "cannot be used, since ai.djl.pytorch:pytorch-jni is not on the class path");
    }
    if (!torchVersion.replaceFirst("\\+.*", "").equals(torch())) {
      return Optional.of("does not fit: pytorch-jni " + version + " needs PyTorch " + torch());
    }
    return variant(cuda).isPresent()
        ? Optional.empty()
        : Optional.of(
            "does not fit: pytorch-jni "
                + version
                + " has no variant for "
                + platform
                + cuda.map(it -> " and CUDA " + it).orElse(""));
  }

  /** DJL's name of the variant for a PyTorch; the libraries of a major version of CUDA fit all. */
  Optional<String> variant(Optional<String> cuda) {
    if (cuda.isEmpty()) {
      return Optional.of(CPU).filter(this::has);
    }
    String major = cuda.get().replaceFirst("\\..*", "");
    for (int minor = 9; minor >= 0; minor--) {
      String name = "cu" + major + minor;
      if (has(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private boolean has(String variant) {
    String file = platform.startsWith("win") ? "djl_torch.dll" : "libdjl_torch.so";
    String name = platform.startsWith("osx") ? "libdjl_torch.dylib" : file;
    return loader.getResource("jnilib/" + platform + "/" + variant + "/" + name) != null;
  }
}
