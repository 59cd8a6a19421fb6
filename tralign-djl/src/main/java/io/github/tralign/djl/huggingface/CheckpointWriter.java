package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a checkpoint folder that Hugging Face libraries can load.
 *
 * <pre>{@code
 * CheckpointWriter.to(folder).copyFilesFrom(source).write(config, tensors);
 * }</pre>
 *
 * <p>The folder is written atomically: under a temporary name in the same parent folder, and then
 * moved into place. A failure leaves an existing folder unchanged and no temporary files. The same
 * model gives the same bytes.
 */
public final class CheckpointWriter {
  private static final List<String> ATTENTION =
      List.of("attn_implementation", "_attn_implementation");

  /** The types in PyTorch's words. */
  private static final ImmutableMap<Dtype, String> NAMES =
      ImmutableMap.of(Dtype.F32, "float32", Dtype.BF16, "bfloat16", Dtype.F16, "float16");

  private final Path folder;
  private final List<Path> kept = new ArrayList<>();
  private Map<String, String> fileOf = Map.of();
  private @Nullable Path source;
  private long maxShardBytes = 5_000_000_000L;
  private boolean replace;

  private CheckpointWriter(Path folder) {
    this.folder = folder;
  }

  /** A writer to {@code folder}, which must be new or empty unless {@link #replace} is set. */
  public static CheckpointWriter to(Path folder) {
    return new CheckpointWriter(folder);
  }

  /**
   * Also copies from the folder {@code source} the files that stay the same when a model is
   * trained, if present: tokenizer, chat template, generation settings, licence.
   */
  public CheckpointWriter copyFilesFrom(Path source) {
    this.source = source;
    return this;
  }

  /**
   * Sets the file of each tensor, by the tensor's name: {@code model.safetensors}, or shards. By
   * default shards are filled up to {@link #maxShardBytes}.
   */
  public CheckpointWriter filesOf(Map<String, String> fileOf) {
    this.fileOf = ImmutableMap.copyOf(fileOf);
    return this;
  }

  /**
   * Sets the largest number of bytes of tensors in one weight file, ≥ 1. Default 5 GB. A larger
   * tensor gets its own file.
   */
  public CheckpointWriter maxShardBytes(long maxShardBytes) {
    if (maxShardBytes < 1) {
      throw new IllegalArgumentException("maxShardBytes is " + maxShardBytes + "; expected >= 1");
    }
    this.maxShardBytes = maxShardBytes;
    return this;
  }

  /**
   * Sets whether an existing checkpoint (a folder with a {@code config.json}) is replaced, with
   * everything in it but its {@code README.md}. Default false. Other non-empty folders are never
   * replaced.
   */
  public CheckpointWriter replace(boolean replace) {
    this.replace = replace;
    return this;
  }

  /**
   * Never replaces the folder {@code kept} or a folder that contains it, not even through links.
   */
  public CheckpointWriter keep(Path kept) {
    this.kept.add(kept);
    return this;
  }

  /**
   * Writes the folder.
   *
   * @param config a JSON object, written with {@code dtype} (or {@code torch_dtype} if present) set
   *     to the type in which most values are stored, and, if that is fp32, without a setting for
   *     flash attention, which does not support it
   * @param tensors the weights by name
   * @throws InvalidInputException if the target is a file or a folder that may not be replaced
   * @throws java.io.UncheckedIOException if writing fails
   */
  public void write(JsonNode config, Map<String, TensorSource> tensors) {
    if (!(config instanceof ObjectNode object)) {
      throw new IllegalArgumentException("config must be a JSON object");
    }
    ObjectNode written = withDtype(object, dtype(tensors));
    TargetFolder.write(
        folder,
        replace,
        source,
        kept,
        temporary -> {
          writeJson(temporary.resolve(CheckpointFolder.CONFIG), written);
          if (source != null) {
            CompanionFiles.copy(source, temporary);
          }
          writeWeights(temporary, tensors);
        });
  }

  /**
   * Writes the folder of an adapter, as PEFT does.
   *
   * @param config the content of {@code adapter_config.json}
   * @param tensors the matrices A and B by name
   * @throws InvalidInputException if the target is a file or a folder that may not be replaced
   * @throws java.io.UncheckedIOException if writing fails
   */
  public void writeAdapter(ObjectNode config, Map<String, TensorSource> tensors) {
    TargetFolder.write(
        folder,
        replace,
        null,
        kept,
        temporary -> {
          writeJson(temporary.resolve("adapter_config.json"), config);
          SafetensorsWriter.write(temporary.resolve("adapter_model.safetensors"), tensors);
        });
  }

  /** The type of most values; fp32 if there are as many of that. */
  private static Dtype dtype(Map<String, TensorSource> tensors) {
    Map<Dtype, Long> values = new EnumMap<>(Dtype.class);
    tensors.values().forEach(it -> values.merge(it.dtype(), it.elements(), Long::sum));
    Dtype most = Dtype.F32;
    for (Map.Entry<Dtype, Long> each : values.entrySet()) {
      if (each.getValue() > values.getOrDefault(most, 0L)) {
        most = each.getKey();
      }
    }
    return most;
  }

  private static ObjectNode withDtype(ObjectNode config, Dtype dtype) {
    String name = NAMES.getOrDefault(dtype, "float32");
    ObjectNode written = config.deepCopy();
    boolean legacy = written.has("torch_dtype");
    if (legacy) {
      written.put("torch_dtype", name);
    }
    if (!legacy || written.has("dtype")) {
      written.put("dtype", name);
    }
    for (String key : ATTENTION) { // flash attention supports 16-bit types only
      if (dtype == Dtype.F32 && written.path(key).asText().startsWith("flash")) {
        written.remove(key);
      }
    }
    return written;
  }

  private void writeWeights(Path folder, Map<String, TensorSource> tensors) throws IOException {
    SortedMap<String, SortedMap<String, TensorSource>> files =
        fileOf.isEmpty() ? named(split(tensors)) : grouped(tensors);
    SortedMap<String, String> shardOf = new TreeMap<>();
    files.forEach(
        (name, shard) -> {
          SafetensorsWriter.write(folder.resolve(name), shard);
          shard.keySet().forEach(tensor -> shardOf.put(tensor, name));
        });
    if (files.containsKey(CheckpointFolder.SINGLE)) {
      return;
    }
    long total = tensors.values().stream().mapToLong(TensorSource::bytes).sum();
    writeJson(folder.resolve(ShardIndex.FILE_NAME), ShardIndex.json(shardOf, total));
  }

  private SortedMap<String, SortedMap<String, TensorSource>> grouped(
      Map<String, TensorSource> tensors) {
    SortedMap<String, SortedMap<String, TensorSource>> files = new TreeMap<>();
    tensors.forEach(
        (tensor, values) ->
            files
                .computeIfAbsent(Objects.requireNonNull(fileOf.get(tensor)), it -> new TreeMap<>())
                .put(tensor, values));
    return files;
  }

  private static SortedMap<String, SortedMap<String, TensorSource>> named(
      List<SortedMap<String, TensorSource>> shards) {
    SortedMap<String, SortedMap<String, TensorSource>> files = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name =
          shards.size() == 1
              ? CheckpointFolder.SINGLE
              : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
      files.put(name, shards.get(i));
    }
    return files;
  }

  /** Fills shards in the order of the tensors' names; at least one, which may be empty. */
  private List<SortedMap<String, TensorSource>> split(Map<String, TensorSource> tensors) {
    List<SortedMap<String, TensorSource>> shards = new ArrayList<>();
    SortedMap<String, TensorSource> shard = new TreeMap<>();
    shards.add(shard);
    long bytes = 0;
    for (Map.Entry<String, TensorSource> tensor : new TreeMap<>(tensors).entrySet()) {
      long more = tensor.getValue().bytes();
      if (!shard.isEmpty() && more > maxShardBytes - bytes) {
        shard = new TreeMap<>();
        shards.add(shard);
        bytes = 0;
      }
      shard.put(tensor.getKey(), tensor.getValue());
      bytes += more;
    }
    return shards;
  }

  private static void writeJson(Path file, ObjectNode json) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(StrictJson.pretty(json));
    AtomicFile.write(file, channel -> AtomicFile.writeFully(channel, bytes));
  }
}
