package io.github.tralign.djl.kernel;

import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where the runtime library of CUDA is, which DJL asks for the GPUs. */
final class CudaRuntime {

  private CudaRuntime() {}

  /** The folder with that of a PyTorch; empty if it needs none or there is none. */
  static Optional<Path> beside(Path libraries, Optional<String> cuda) throws IOException {
    if (cuda.isEmpty()) {
      return Optional.empty();
    }
    String major = cuda.get().replaceFirst("\\..*", "");
    Pattern name =
        Pattern.compile(
            "(lib)?cudart[-\\w.]*?(\\.so\\." + major + "(\\..*)?|64_" + major + "\\d?\\.dll)");
    for (Path folder : folders(libraries)) {
      if (holds(folder, name)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  /** Those of pip's packages, of the PyTorch itself, of conda, and of the system. */
  private static List<Path> folders(Path libraries) throws IOException {
    List<Path> folders = new ArrayList<>();
    Path nvidia = libraries.resolveSibling("").resolveSibling("nvidia");
    if (Files.isDirectory(nvidia)) {
      try (Stream<Path> packages = Files.list(nvidia)) {
        packages.sorted().map(it -> it.resolve("lib")).forEach(folders::add);
      }
    }
    folders.add(libraries);
    String searched = Strings.nullToEmpty(System.getenv("LD_LIBRARY_PATH"));
    Splitter.on(File.pathSeparatorChar)
        .omitEmptyStrings()
        .split(searched)
        .forEach(it -> folders.add(Path.of(it)));
    String conda = Strings.nullToEmpty(System.getenv("CONDA_PREFIX"));
    if (!conda.isEmpty()) {
      folders.add(Path.of(conda, "lib"));
    }
    folders.add(Path.of("/usr/local/cuda/lib64"));
    return folders;
  }

  /** Whether a driver is there, without which libraries for CUDA cannot be loaded. */
  static boolean hasDriver() {
    return !System.getProperty("os.name").equals("Linux")
        || Files.exists(Path.of("/dev/nvidiactl"))
        || Files.exists(Path.of("/dev/dxg")); // of Windows, seen from its Linux
  }

  private static boolean holds(Path folder, Pattern name) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(it -> name.matcher(String.valueOf(it.getFileName())).matches());
    }
  }
}
