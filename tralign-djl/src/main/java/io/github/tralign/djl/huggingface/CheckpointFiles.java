package io.github.tralign.djl.huggingface;

import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of the files of a checkpoint or an adapter that are read, among all that are published. */
public final class CheckpointFiles {

  private static final Set<String> NAMES =
      Set.of(
          CheckpointFolder.CONFIG,
          "adapter_config.json",
          "adapter_model.safetensors",
          "README.md"); // the model card, which has the license

  /** A part of the weights. Mistral's own files beside it hold the same weights again. */
  private static final Pattern SHARD =
      Pattern.compile("(?!consolidated)[^/]*-\\d+-of-\\d+\\.safetensors");

  private CheckpointFiles() {}

  /**
   * Whether a file is read. Shards are not where one file has all weights.
   *
   * @param path its path in the checkpoint
   * @param all the paths of all files in the checkpoint
   */
  public static boolean isRead(String path, Collection<String> all) {
    return NAMES.contains(path)
        || CompanionFiles.has(path)
        || path.equals(CheckpointFolder.SINGLE)
        || (path.equals(ShardIndex.FILE_NAME) || SHARD.matcher(path).matches())
            && !all.contains(CheckpointFolder.SINGLE);
  }
}
