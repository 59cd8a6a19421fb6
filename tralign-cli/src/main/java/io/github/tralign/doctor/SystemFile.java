package io.github.tralign.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Files in which the system writes its state. They are absent where it is not Linux. */
final class SystemFile {

  private final Path root;

  /**
   * Those of a machine.
   *
   * @param root of the file system
   */
  SystemFile(Path root) {
    this.root = root;
  }

  static SystemFile here() {
    return new SystemFile(Path.of("/"));
  }

  Path path(String file) {
    return root.resolve(file);
  }

  /** The text of a file; empty if it cannot be read. */
  Optional<String> text(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file)).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What follows {@code name:} in a file. */
  Optional<String> field(String file, String name) {
    return text(file).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(name) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  /** The soft limit of this process, by its name in Linux. */
  Optional<String> softLimit(String name) {
    return text("proc/self/limits").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip().replaceFirst(" .*", ""))
        .findFirst();
  }

  /** A number of a control group, of version 2 or 1; empty for no limit. */
  Optional<String> limit(String second, String first) {
    String group =
        text("proc/self/cgroup").stream()
            .flatMap(String::lines)
            .filter(line -> line.startsWith("0::/"))
            .map(line -> line.substring("0::/".length()))
            .findFirst()
            .orElse("");
    return Stream.of(
            "sys/fs/cgroup/" + group + "/" + second,
            "sys/fs/cgroup/" + second,
            "sys/fs/cgroup/" + first)
        .map(this::text)
        .flatMap(Optional::stream)
        .filter(it -> !it.startsWith("max") && !it.startsWith("-1") && it.length() < 19)
        .findFirst();
  }
}
