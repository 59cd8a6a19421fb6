package io.github.tralign.djl.huggingface;

import io.github.tralign.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Opens the shards that an index names. Which tensor is where is read from the shards themselves,
 * as transformers does, so that an index that is out of date does no harm.
 */
final class Shards {
  private Shards() {}

  /** Opens all shards of {@code index} in {@code folder}; none stays open when one is refused. */
  static List<SafetensorsFile> open(Path folder, ShardIndex index) {
    List<SafetensorsFile> opened = new ArrayList<>();
    try {
      for (String shard : new TreeSet<>(index.shardOf().values())) {
        Path file = folder.resolve(shard);
        if (!Files.exists(file)) {
          throw new InvalidInputException(
              String.format(
                  Locale.ROOT,
                  "%s: names shard %s, which is not in the folder",
                  index.file(),
                  Excerpt.of(shard)));
        }
        opened.add(SafetensorsFile.open(file));
      }
      checkOnce(opened);
      return List.copyOf(opened);
    } catch (RuntimeException e) {
      opened.forEach(SafetensorsFile::close);
      throw e;
    }
  }

  private static void checkOnce(List<SafetensorsFile> shards) {
    Map<String, SafetensorsFile> holders = new HashMap<>();
    for (SafetensorsFile shard : shards) {
      for (String tensor : shard.tensors().keySet()) {
        SafetensorsFile other = holders.put(tensor, shard);
        if (other != null) {
          throw new InvalidInputException(
              String.format(
                  Locale.ROOT,
                  "%s: holds tensor %s, and so does %s; expected it in one of them",
                  shard.path(),
                  Excerpt.of(tensor),
                  other.path().getFileName()));
        }
      }
    }
  }
}
