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
 * A {@code model.safetensors.index.json}: which shard holds which tensor.
 *
 * @param file the index
 * @param shardOf the shard's plain file name by the tensor's name
 */
record ShardIndex(Path file, SortedMap<String, String> shardOf) {
  static final String FILE_NAME = "model.safetensors.index.json";
  private static final String WEIGHT_MAP = "weight_map";

  /** Reads an index; its shards are named by plain names of safetensors files, never by paths. */
  static ShardIndex read(Path file) {
    JsonNode map = StrictJson.readObject(file).path(WEIGHT_MAP);
    if (!map.isObject() || map.isEmpty()) {
      throw new InvalidInputException(
          file + ": expected an object '" + WEIGHT_MAP + "' that names each tensor's shard");
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

  /** The index in the form that is written. */
  static ObjectNode json(SortedMap<String, String> shardOf, long totalBytes) {
    ObjectNode json = StrictJson.MAPPER.createObjectNode();
    json.putObject("metadata").put("total_size", totalBytes);
    ObjectNode map = json.putObject(WEIGHT_MAP);
    shardOf.forEach(map::put);
    return json;
  }

  /** No separators of any system, so that no name leads out of the folder. */
  private static boolean isPlain(String name) {
    return name.endsWith(".safetensors")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':')
        && name.chars().noneMatch(Character::isISOControl);
  }
}
