package io.github.tralign.djl;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.huggingface.TensorInfo;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.djl.model.Part;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The model in a checkpoint folder, after checking that its config and its weights match.
 *
 * @param config the config to save with the model: the folder's, without settings that do not apply
 * @param tensors the name of the tensor in the folder for each parameter's name
 * @param warnings how conflicts between config and weights were resolved, one message each
 */
record SavedModel(
    ConfigJson config,
    Architecture architecture,
    ImmutableMap<String, String> tensors,
    ImmutableList<String> warnings) {

  private static final String TIED = "tie_word_embeddings";
  private static final String QUANTIZATION = QuantizationConfig.KEY;

  /** The head's names in checkpoints; both occur for GPT-NeoX. */
  private static final ImmutableSet<String> HEADS =
      ImmutableSet.of("lm_head.weight", "embed_out.weight");

  /** The keys that determine the tensors' shapes. */
  private static final ImmutableSet<String> SIZES =
      ImmutableSet.of(
          "num_hidden_layers",
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "n_layer",
          "n_embd",
          "n_head",
          "n_inner",
          "n_positions",
          "attention_bias",
          "mlp_bias");

  /** Names of tensors in multimodal checkpoints. */
  private static final Pattern MULTIMODAL =
      Pattern.compile("^(model\\.)?(language_model|vision_tower)\\.", Pattern.MULTILINE);

  /** Values per comparison. */
  private static final int CHUNK = 1 << 16;

  /**
   * Reads the config of a folder and checks it against the weights.
   *
   * <p>If the config ties head and embedding but the folder has a head with different values, they
   * are not tied, as in transformers. A {@code quantization_config} is dropped: weights are saved
   * as they are decoded.
   *
   * @throws InvalidInputException if a tensor is missing, has a shape or type that does not fit the
   *     config, or does not belong to the model
   */
  static SavedModel of(CheckpointFolder folder) {
    ConfigJson config = folder.config();
    Architecture architecture = Architecture.of(config);
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    Check check = new Check(folder);
    if (architecture.weights().tied() && check.headDiffersFromEmbedding(architecture)) {
      config = config.with(TIED, BooleanNode.FALSE);
      architecture = Architecture.of(config);
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s: key '%s' is true, but head and embedding have different values in the weights; they are"
                  + " not tied",
              config.file(),
              TIED));
    }
    ImmutableMap<String, String> tensors = check.tensors(architecture);
    QuantizationConfig.check(
        folder.config(),
        folder.quantized(),
        architecture.parameters().stream()
            .filter(it -> it.isMatrix() && it.layer() != Parameter.NO_LAYER)
            .map(it -> requireNonNull(tensors.get(it.name())))
            .filter(it -> !folder.quantized().containsKey(it))
            .collect(toImmutableSet()));
    if (config.has(QUANTIZATION)) {
      config = config.with(QUANTIZATION, null);
    }
    if (folder.config().has(QUANTIZATION) && folder.quantized().isEmpty()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s: key '%s' is not used and will not be saved, since the weights are not quantized",
              config.file(),
              QUANTIZATION));
    }
    warnings.addAll(SpecialTokenIds.warnings(config, architecture.vocabularySize()));
    return new SavedModel(config, architecture, tensors, warnings.build());
  }

  /** Compares the tensors of a folder with those that a config requires. */
  private record Check(CheckpointFolder folder, Map<String, TensorInfo> infos) {

    Check(CheckpointFolder folder) {
      this(folder, folder.tensors());
    }

    /** Whether the folder has both an embedding and a head, with different values. */
    boolean headDiffersFromEmbedding(Architecture architecture) {
      Parameter embedding = architecture.weights().embedding();
      Optional<String> stored = ownNames(embedding).filter(infos::containsKey).findFirst();
      for (String head : HEADS) {
        if (infos.containsKey(head) && stored.isPresent()) {
          checkShape(embedding, stored.get());
          checkShape(embedding, head);
          if (!same(stored.get(), head, embedding.size())) {
            return true;
          }
        }
      }
      return false;
    }

    ImmutableMap<String, String> tensors(Architecture architecture) {
      Map<String, TensorInfo> left = new TreeMap<>(infos);
      ImmutableMap.Builder<String, String> tensors = ImmutableMap.builder();
      for (Parameter parameter : architecture.parameters()) {
        String tensor =
            names(parameter, architecture)
                .filter(infos::containsKey)
                .findFirst()
                .orElseThrow(
                    () ->
                        invalid(
                            "the weights have no tensor '%s' of shape %s, which %s requires",
                            parameter.name(), parameter.dimensions(), sizes()));
        checkShape(parameter, tensor);
        tensors.put(parameter.name(), tensor);
        left.remove(tensor);
      }
      if (architecture.weights().tied()) {
        HEADS.forEach(left::remove); // equal to the embedding
      }
      left.keySet().removeIf(architecture::derived);
      for (String extra : left.keySet()) {
        throw invalid(
            "the tensor '%s' does not belong to the model that %s describes, and would be lost when"
                + " saving",
            extra, sizes());
      }
      return tensors.buildOrThrow();
    }

    /** A tied model may store the shared matrix under the name of the embedding or of the head. */
    private static Stream<String> names(Parameter parameter, Architecture architecture) {
      Stream<String> name = ownNames(parameter);
      boolean head =
          architecture.weights().tied()
              ? parameter.name().equals(architecture.weights().embedding().name())
              : parameter.name().equals(architecture.weights().head().name());
      return head ? Stream.concat(name, HEADS.stream()) : name;
    }

    /** A checkpoint of a model without its head lacks the first part of the names, as GPT-2's. */
    private static Stream<String> ownNames(Parameter parameter) {
      String name = parameter.name();
      return parameter.part() == Part.HEAD
          ? Stream.of(name)
          : Stream.of(name, name.substring(name.indexOf('.') + 1));
    }

    private void checkShape(Parameter parameter, String tensor) {
      TensorInfo info = infos.get(tensor);
      if (info != null && !info.dimensions().equals(parameter.dimensions())) {
        throw invalid(
            "the tensor '%s' has the shape %s, but %s requires %s",
            tensor, info.dimensions(), sizes(), parameter.dimensions());
      }
      if (info != null && !info.dtype().readableAsFloat32()) {
        throw invalid(
            "the tensor '%s' is of type %s; expected F32, BF16, F16 or F64", tensor, info.dtype());
      }
    }

    private boolean same(String one, String other, long size) {
      FloatBuffer left = FloatBuffer.allocate(CHUNK);
      FloatBuffer right = FloatBuffer.allocate(CHUNK);
      for (long first = 0; first < size; first += CHUNK) {
        int count = (int) Math.min(CHUNK, size - first);
        folder.readFloat32(one, first, left.clear().limit(count));
        folder.readFloat32(other, first, right.clear().limit(count));
        if (left.flip().mismatch(right.flip()) >= 0) {
          return false;
        }
      }
      return true;
    }

    /** The config file's name, with the keys that determine the tensors' shapes. */
    private String sizes() {
      ConfigJson config = folder.config();
      String set =
          SIZES.stream()
              .filter(config::has)
              .map(key -> key + " " + config.json().get(key))
              .collect(joining(", "));
      return config.file().getFileName() + " (" + set + ")";
    }

    private InvalidInputException invalid(String what, Object... of) {
      ConfigJson config = folder.config();
      String hint =
          config.has(QUANTIZATION)
              ? " ("
                  + config.file()
                  + " has a '"
                  + QUANTIZATION
                  + "'; only those of bitsandbytes in nf4 are supported)"
              : MULTIMODAL.matcher(String.join("\n", infos.keySet())).find()
                  ? " (the weights are those of a multimodal model; expected a text model)"
                  : "";
      return new InvalidInputException(
          folder.path() + ": " + String.format(Locale.ROOT, what, of) + hint);
    }
  }
}
