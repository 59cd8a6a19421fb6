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
 * Opens the shards that an index lists. As in transformers, the shards themselves determine which
 * tensor is where, so an outdated index does no harm.
 */
final class Shards {
  private Shards() {}

  /** Opens all shards of {@code index} in {@code folder}; if one is invalid, none stays open. */
  static List<SafetensorsFile> open(Path folder, ShardIndex index) {
    List<SafetensorsFile> opened = new ArrayList<>();
    try {
      for (String shard : new TreeSet<>(index.shardOf().values())) {
        Path file = folder.resolve(shard);
        if (!Files.exists(file)) {
          throw new InvalidInputException(
              String.format(
                  Locale.ROOT,
                  "%s: lists shard %s, which is not in the folder",
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
                  "%s: has tensor %s, and so does %s; expected it in only one of them",
                  shard.path(),
                  Excerpt.of(tensor),
                  other.path().getFileName()));
        }
      }
    }
  }
}
