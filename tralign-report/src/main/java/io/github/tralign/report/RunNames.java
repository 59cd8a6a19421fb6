package io.github.tralign.report;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/**
 * Short unique names for runs: as many trailing parts of each folder's path as are needed to
 * distinguish them.
 */
final class RunNames {

  private RunNames() {}

  /**
   * The names.
   *
   * @param folders the folders, without duplicates
   */
  static ImmutableMap<Path, String> of(List<Path> folders) {
    int most = folders.stream().mapToInt(it -> whole(it).getNameCount()).max().orElse(1);
    for (int parts = 1; parts < most; parts++) {
      int number = parts;
      List<String> names = folders.stream().map(it -> last(whole(it), number)).toList();
      if (new HashSet<>(names).size() == names.size()) {
        return named(folders, it -> last(whole(it), number));
      }
    }
    return named(folders, it -> whole(it).toString());
  }

  private static ImmutableMap<Path, String> named(List<Path> folders, Function<Path, String> name) {
    return folders.stream().collect(ImmutableMap.toImmutableMap(it -> it, name));
  }

  private static Path whole(Path folder) {
    return folder.toAbsolutePath().normalize();
  }

  private static String last(Path folder, int parts) {
    int count = folder.getNameCount();
    return count <= parts ? folder.toString() : folder.subpath(count - parts, count).toString();
  }
}
