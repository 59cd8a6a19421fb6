package io.github.tralign.djl.kernel;

import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where pip and conda put packages: in the environment that is active, that of the {@code python3}
 * on the PATH, the user's own folder, and the system's. Python itself is not asked.
 */
final class TorchPlaces {

  private final Map<String, String> environment;
  private final Path home;
  private final Path root;

  /**
   * Those of a machine.
   *
   * @param environment its variables
   * @param home the user's folder
   * @param root of the file system
   */
  TorchPlaces(Map<String, String> environment, Path home, Path root) {
    this.environment = environment;
    this.home = home;
    this.root = root;
  }

  /** Those of this process. */
  static TorchPlaces here() {
    return new TorchPlaces(System.getenv(), Path.of(System.getProperty("user.home")), Path.of("/"));
  }

  /** Each PyTorch that is there, in the order in which they are taken. */
  List<TorchFolder> all(TorchInterface jni) {
    List<TorchFolder> found = new ArrayList<>();
    Set<Path> seen = new LinkedHashSet<>();
    for (Path packages : packages()) {
      TorchFolder.in(packages, jni)
          .filter(it -> seen.add(real(it.libraries())))
          .ifPresent(found::add);
    }
    return found;
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  private List<Path> packages() {
    List<Path> folders = new ArrayList<>();
    for (String active : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      String prefix = Strings.nullToEmpty(environment.get(active));
      if (!prefix.isEmpty()) {
        folders.addAll(packages(Path.of(prefix)));
      }
    }
    String path = Strings.nullToEmpty(environment.get("PATH"));
    for (String bin : Splitter.on(File.pathSeparatorChar).omitEmptyStrings().split(path)) {
      Path prefix = Path.of(bin).toAbsolutePath().normalize().getParent();
      if (prefix != null && Files.exists(Path.of(bin).resolve("python3"))) {
        folders.addAll(packages(prefix));
      }
    }
    folders.addAll(packages(home.resolve(".local")));
    folders.addAll(list(home.resolve("Library/Python"), "3.*", "lib/python/site-packages"));
    String roaming = Strings.nullToEmpty(environment.get("APPDATA"));
    if (!roaming.isEmpty()) {
      folders.addAll(list(Path.of(roaming, "Python"), "Python3*", "site-packages"));
    }
    String local = Strings.nullToEmpty(environment.get("LOCALAPPDATA"));
    if (!local.isEmpty()) {
      folders.addAll(list(Path.of(local, "Programs", "Python"), "Python3*", "Lib/site-packages"));
    }
    folders.addAll(packages(root.resolve("usr/local")));
    folders.addAll(packages(root.resolve("usr")));
    return folders;
  }

  /** The folders of packages of an environment, the newest Python first. */
  static List<Path> packages(Path prefix) {
    List<Path> folders = new ArrayList<>();
    for (String lib : List.of("lib", "lib64")) {
      folders.addAll(list(prefix.resolve(lib), "python3*", "site-packages"));
      folders.addAll(list(prefix.resolve(lib), "python3*", "dist-packages"));
    }
    folders.add(prefix.resolve("Lib").resolve("site-packages")); // on Windows
    return folders.stream().filter(Files::isDirectory).toList();
  }

  /** {@code inner} of the folders whose names match, those of later versions first. */
  private static List<Path> list(Path folder, String glob, String inner) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> matching = Files.newDirectoryStream(folder, glob)) {
      matching.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // what cannot be read cannot be used either
    }
    found.sort(
        (a, b) ->
            a.toString().length() == b.toString().length()
                ? b.compareTo(a)
                : b.toString().length() - a.toString().length());
    return found.stream().map(it -> it.resolve(inner)).filter(Files::isDirectory).toList();
  }
}
