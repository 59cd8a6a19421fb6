package io.github.tralign.djl.checkpoint;

import io.github.tralign.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Opens the shards that an index names, and checks that index and shards say the same. */
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
                  Quoted.of(shard)));
        }
        opened.add(SafetensorsFile.open(file));
      }
      checkAgreement(index, opened);
      return List.copyOf(opened);
    } catch (RuntimeException e) {
      opened.forEach(SafetensorsFile::close);
      throw e;
    }
  }

  private static void checkAgreement(ShardIndex index, List<SafetensorsFile> shards) {
    for (SafetensorsFile shard : shards) {
      String name = shard.path().getFileName().toString();
      for (String tensor : shard.tensors().keySet()) {
        if (!name.equals(index.shardOf().get(tensor))) {
          throw new InvalidInputException(
              String.format(
                  Locale.ROOT,
                  "%s: holds tensor %s, which %s does not place there",
                  shard.path(),
                  Quoted.of(tensor),
                  ShardIndex.FILE_NAME));
        }
      }
      for (Map.Entry<String, String> entry : index.shardOf().entrySet()) {
        if (entry.getValue().equals(name) && !shard.tensors().containsKey(entry.getKey())) {
          throw new InvalidInputException(
              String.format(
                  Locale.ROOT,
                  "%s: places tensor %s in %s, which does not hold it",
                  index.file(),
                  Quoted.of(entry.getKey()),
                  Quoted.of(name)));
        }
      }
    }
  }
}
