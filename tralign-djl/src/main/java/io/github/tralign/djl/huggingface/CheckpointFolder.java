package io.github.tralign.djl.huggingface;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import io.github.tralign.text.HubName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A model in a folder as Hugging Face libraries save it: {@code config.json} and the weights, in
 * one {@code model.safetensors} or in shards with a {@code model.safetensors.index.json}. If both
 * exist, the single file is used, as in transformers.
 *
 * <p>A matrix that bitsandbytes quantized to 4 bits (NF4) is one tensor in the type of its values.
 *
 * <p>Files may be symbolic links, as in a Hugging Face cache. Pickle files are never read. Opening
 * reads the headers only. Safe for use by several threads.
 */
public final class CheckpointFolder implements AutoCloseable {
  static final String CONFIG = "config.json";
  static final String SINGLE = "model.safetensors";

  /** The keys of the number of layers; the first one is used that is present. */
  private static final List<String> LAYERS = List.of("num_hidden_layers", "n_layer");

  /** The name of a layer's tensor up to its number, as in {@code model.layers.7.}. */
  private static final Pattern LAYER = Pattern.compile("\\D*\\.\\d+\\.");

  private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl|pickle)");

  private final Path path;
  private final ConfigJson config;
  private final List<SafetensorsFile> files;
  private final SortedMap<String, SafetensorsFile> fileOf;
  private final SortedMap<String, Nf4Tensor> quantized = new TreeMap<>();

  private CheckpointFolder(Path path, ConfigJson config, List<SafetensorsFile> files) {
    this.path = path;
    this.config = config;
    this.files = files;
    this.fileOf = new TreeMap<>();
    for (SafetensorsFile file : files) {
      file.tensors().keySet().forEach(name -> fileOf.put(name, file));
    }
  }

  /**
   * Opens {@code folder} and checks that its files exist, are valid and agree with each other.
   *
   * @throws InvalidInputException if a file is missing or invalid
   */
  public static CheckpointFolder open(Path folder) {
    if (!Files.exists(folder)) {
      throw new InvalidInputException(
          folder
              + ": no such model folder"
              + adapterHint(folder.resolveSibling("adapter"))
                  .orElseGet(() -> HubName.modelHint(folder)));
    }
    if (!Files.isDirectory(folder)) {
      throw new InvalidInputException(folder + ": is not a folder; expected a model's folder");
    }
    if (!Files.exists(folder.resolve(CONFIG))) {
      Path inside = folder.resolve("model"); // where a training run writes it
      throw new InvalidInputException(
          folder
              + ": has no "
              + CONFIG
              + (Files.exists(inside.resolve(CONFIG))
                  ? "; the model is in " + inside
                  : adapterHint(folder, folder.resolve("adapter"))
                      .orElse("; is it a model's folder?")));
    }
    ConfigJson config = ConfigJson.read(folder.resolve(CONFIG));
    CheckpointFolder opened = new CheckpointFolder(folder, config, weights(folder));
    try {
      opened.readQuantized();
      opened.checkLayers();
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** What to do with the first of some folders that has an adapter. */
  private static Optional<String> adapterHint(Path... folders) {
    return Arrays.stream(folders)
        .filter(it -> Files.exists(it.resolve("adapter_config.json")))
        .map(
            it ->
                "; "
                    + it
                    + " has an adapter, which is loaded beside its base model (--policy BASE"
                    + " --adapter "
                    + it
                    + ") or added to it (merge)")
        .findFirst();
  }

  private static List<SafetensorsFile> weights(Path folder) {
    if (Files.exists(folder.resolve(SINGLE))) {
      return List.of(SafetensorsFile.open(folder.resolve(SINGLE)));
    }
    if (Files.exists(folder.resolve(ShardIndex.FILE_NAME))) {
      return Shards.open(folder, ShardIndex.read(folder.resolve(ShardIndex.FILE_NAME)));
    }
    throw withoutWeights(folder);
  }

  private void readQuantized() {
    for (String tensor : fileOf.keySet()) {
      if (tensor.endsWith(".quant_state.bitsandbytes__fp4")) {
        throw new InvalidInputException(
            path
                + ": the weights are quantized to FP4; of quantized weights only NF4 is supported");
      }
      if (tensor.endsWith(Nf4Tensor.STATE)) {
        String name = tensor.substring(0, tensor.length() - Nf4Tensor.STATE.length());
        quantized.put(name, Nf4Tensor.read(path, name, it -> Optional.ofNullable(fileOf.get(it))));
      }
    }
  }

  /** Bounds the number of layers before the tensors that a config requires are listed. */
  private void checkLayers() {
    Optional<String> key = LAYERS.stream().filter(config::has).findFirst();
    if (key.isEmpty()) {
      return;
    }
    long held =
        fileOf.keySet().stream()
            .map(LAYER::matcher)
            .filter(Matcher::lookingAt)
            .map(Matcher::group)
            .distinct()
            .count();
    if (config.requiredInt(key.get()) > held) {
      throw config.unexpected(
          key.get(), "at most " + held + ", the number of layers in the weights");
    }
  }

  /** The path of the folder. */
  public Path path() {
    return path;
  }

  /** The model's {@code config.json}. */
  public ConfigJson config() {
    return config;
  }

  /** All tensors by name, sorted; unmodifiable. */
  public SortedMap<String, TensorInfo> tensors() {
    SortedMap<String, TensorInfo> tensors = new TreeMap<>();
    files.forEach(file -> tensors.putAll(file.tensors()));
    quantized.forEach(
        (name, matrix) -> {
          tensors.put(name, matrix.info());
          Nf4Tensor.COMPANIONS.forEach(it -> tensors.remove(name + it));
        });
    return Collections.unmodifiableSortedMap(tensors);
  }

  /** The matrices that are quantized to 4 bits. */
  public SortedMap<String, Nf4Tensor> quantized() {
    return Collections.unmodifiableSortedMap(quantized);
  }

  /**
   * The type in which a tensor is stored, or to which the values of a quantized one are rounded.
   */
  public Dtype dtype(String name) {
    Nf4Tensor matrix = quantized.get(name);
    return matrix == null ? holder(name).dtype(name) : matrix.dtype();
  }

  /** The name of the file that has a tensor. */
  public String file(String name) {
    return String.valueOf(holder(name).path().getFileName());
  }

  /**
   * Reads a whole tensor as fp32, as {@link SafetensorsFile#readFloat32(String)} does.
   *
   * @return a new direct little-endian buffer
   */
  public ByteBuffer readFloat32(String name) {
    return holder(name).readFloat32(name);
  }

  /**
   * Reads a part of a tensor, as {@link SafetensorsFile#readFloat32(String, long, FloatBuffer)}.
   */
  public void readFloat32(String name, long firstElement, FloatBuffer target) {
    Nf4Tensor matrix = quantized.get(name);
    if (matrix == null) {
      holder(name).readFloat32(name, firstElement, target);
    } else {
      matrix.readFloat32(firstElement, target);
    }
  }

  /** Closes all files. */
  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }

  private SafetensorsFile holder(String name) {
    SafetensorsFile file = fileOf.get(name);
    if (file == null) {
      throw new InvalidInputException(path + ": has no tensor " + Excerpt.of(name));
    }
    return file;
  }

  private static InvalidInputException withoutWeights(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> pickles =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> PICKLE.matcher(name).matches())
              .sorted()
              .toList();
      if (!pickles.isEmpty()) {
        return new InvalidInputException(
            String.format(
                Locale.ROOT,
                "%s: has its weights only as a pickle (%s); pickle files are never read because"
                    + " loading them can run code; convert with transformers' save_pretrained, which"
                    + " writes %s",
                folder,
                Excerpt.plain(pickles.get(0)),
                SINGLE));
      }
    } catch (IOException e) {
      return new InvalidInputException(folder + ": cannot be read: " + Reason.of(e), e);
    }
    return new InvalidInputException(
        String.format(
            Locale.ROOT,
            "%s: has no weights; expected %s or %s",
            folder,
            SINGLE,
            ShardIndex.FILE_NAME));
  }
}
