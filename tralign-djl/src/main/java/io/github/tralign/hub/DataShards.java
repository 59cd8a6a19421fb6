package io.github.tralign.hub;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Data files that are numbered parts of one, as in {@code data/train-00000-of-00002.parquet}. */
final class DataShards {

  private DataShards() {}

  /** The folder that holds the parts, if all files are parts of one. */
  static Optional<Path> folder(Path snapshot, List<String> files) {
    Set<String> wholes = new HashSet<>();
    for (String file : files) {
      wholes.add(file.replaceFirst("-\\d+-of-(\\d+)(?=[.][^/]*$)", "-of-$1"));
    }
    Path first = snapshot.resolve(files.get(0)).getParent();
    return wholes.size() == 1 ? Optional.ofNullable(first) : Optional.empty();
  }
}
