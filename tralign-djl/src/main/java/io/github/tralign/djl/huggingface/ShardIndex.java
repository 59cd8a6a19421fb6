package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.InvalidInputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A {@code model.safetensors.index.json}: which shard has which tensor.
 *
 * @param file the path of the index
 * @param shardOf the file name of each tensor's shard, by tensor name
 */
record ShardIndex(Path file, SortedMap<String, String> shardOf) {
  static final String FILE_NAME = "model.safetensors.index.json";
  private static final String WEIGHT_MAP = "weight_map";

  /** Reads an index. Shards must be plain names of safetensors files, not paths. */
  static ShardIndex read(Path file) {
    JsonNode map = StrictJson.readObject(file).path(WEIGHT_MAP);
    if (!map.isObject() || map.isEmpty()) {
      throw new InvalidInputException(
          file + ": expected an object '" + WEIGHT_MAP + "' from tensor names to shards");
    }
    SortedMap<String, String> shardOf = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      JsonNode shard = entry.getValue();
      if (!shard.isTextual() || !isPlain(shard.textValue())) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "%s: tensor %s: shard %s; expected the plain name of a .safetensors file in this folder",
                file,
                Excerpt.of(entry.getKey()),
                StrictJson.shown(shard)));
      }
      shardOf.put(entry.getKey(), shard.textValue());
    }
    return new ShardIndex(file, Collections.unmodifiableSortedMap(shardOf));
  }

  /** The content of an index file. */
  static ObjectNode json(SortedMap<String, String> shardOf, long totalBytes) {
    ObjectNode json = StrictJson.MAPPER.createObjectNode();
    json.putObject("metadata").put("total_size", totalBytes);
    ObjectNode map = json.putObject(WEIGHT_MAP);
    shardOf.forEach(map::put);
    return json;
  }

  /**
   * Whether a name has no path separator of any system, so that it cannot refer to another folder.
   */
  private static boolean isPlain(String name) {
    return name.endsWith(".safetensors")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':')
        && name.chars().noneMatch(Character::isISOControl);
  }
}
