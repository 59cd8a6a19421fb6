package io.github.tralign.doctor;

import ai.djl.engine.Engine;
import ai.djl.util.Platform;
import io.github.tralign.djl.kernel.NativeKernels;
import io.github.tralign.djl.kernel.TorchChoice;
import io.github.tralign.report.Machine;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Versions, and how Java was started. */
final class SoftwareFacts {

  private SoftwareFacts() {}

  static void addTo(Diagnosis diagnosis) {
    diagnosis.section("Software");
    diagnosis.fact("tralign", Machine.version());
    diagnosis.fact(
        "Java",
        property("java.version") + ", " + property("java.vendor") + ", " + property("java.home"));
    diagnosis.fact("Java options", options());
    diagnosis.fact("DJL", Engine.getDjlVersion());
    diagnosis.fact("pytorch-jni", orMissing(TorchChoice.interfaceVersion()));
    diagnosis.fact("PyTorch's jar", bundled());
    diagnosis.fact(
        "tralign-native", NativeKernels.isThere() ? Machine.version() : "not on the class path");
    diagnosis.fact("system", Machine.operatingSystem() + ", " + property("os.arch"));
    diagnosis.fact(
        "language",
        String.join(
            ", ",
            Locale.getDefault().toString().isEmpty() ? "root" : Locale.getDefault().toString(),
            "texts in " + Charset.defaultCharset(),
            "file names in " + property("sun.jnu.encoding")));
    if (!property("sun.jnu.encoding").toUpperCase(Locale.ROOT).startsWith("UTF-8")) {
      diagnosis.note(
          "files whose names are not ASCII cannot be opened; LC_ALL=C.UTF-8 makes them readable");
    }
    if (!isForGlibc(Path.of("/lib"))) {
      diagnosis.problem(
          "this system's C library is musl, but PyTorch needs glibc; use an image of Debian,"
              + " Ubuntu, Fedora or the like");
    }
    if (TorchChoice.interfaceVersion().isEmpty()) {
      diagnosis.problem(
          "pytorch-jni is not on the class path; add ai.djl.pytorch:pytorch-jni in the version of"
              + " docs/java.md");
    }
  }

  static boolean isForGlibc(Path lib) {
    return List.of("x86_64", "aarch64").stream()
        .noneMatch(it -> Files.exists(lib.resolve("ld-musl-" + it + ".so.1")));
  }

  private static String bundled() {
    Platform platform = Platform.detectPlatform("pytorch");
    return platform.isPlaceholder()
        ? "not on the class path"
        : platform.getVersion() + ", " + platform.getFlavor() + ", " + platform.getClassifier();
  }

  /** Values of properties may be secret, so only their names are shown. */
  private static String options() {
    String options =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .map(it -> it.startsWith("-D") ? it.replaceFirst("=.*", "") : it)
            .collect(Collectors.joining(" "));
    return options.isEmpty() ? "none" : options;
  }

  private static String orMissing(String version) {
    return version.isEmpty() ? "not on the class path" : version;
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
