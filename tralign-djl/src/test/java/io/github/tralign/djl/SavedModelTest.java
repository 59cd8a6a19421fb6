package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.SafetensorsWriter;
import io.github.tralign.djl.huggingface.TensorSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders whose config and weights are at odds. */
class SavedModelTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  @TempDir private Path folder;
  private final Map<String, TensorSource> tensors = new TreeMap<>();
  private ObjectNode config;

  @BeforeEach
  void read() {
    read("llama"); // with a tied head
  }

  @Test
  void another_head_beside_an_embedding_is_kept_apart() throws IOException {
    tensors.put(HEAD, tensors.get("model.embed_tokens.weight")); // the same
    try (DjlPolicy policy = load()) {
      assertThat(policy.parameters()).doesNotContain(HEAD);
      assertThat(policy.warnings()).isEmpty();
    }
    tensors.put(HEAD, filled(288, 16));
    double[] apart;
    try (DjlPolicy policy = load()) {
      assertThat(policy.parameters()).contains(HEAD, EMBEDDING);
      assertThat(policy.values(HEAD)).containsOnly(0.5);
      assertThat(policy.warnings())
          .singleElement()
          .asString()
          .contains("config.json: key 'tie_word_embeddings' is true, but head and embedding have");
      apart = scores(policy);
      policy.save(folder.resolve("saved"));
      assertThat(saved()).isEqualTo(config.deepCopy().put("tie_word_embeddings", false));
    }
    try (DjlPolicy again = Golden.on(folder.resolve("saved")).threads(1).load()) {
      assertThat(scores(again)).isEqualTo(apart);
      assertThat(again.warnings()).isEmpty();
    }
  }

  @Test
  void a_tied_matrix_may_have_the_name_of_the_head() {
    double[] before;
    try (DjlPolicy policy = load()) {
      before = scores(policy);
    }
    tensors.put(HEAD, tensors.remove(EMBEDDING));
    try (DjlPolicy policy = load()) {
      assertThat(scores(policy)).isEqualTo(before);
      assertThat(policy.parameters()).contains(EMBEDDING).doesNotContain(HEAD);
    }
  }

  @Test
  void the_head_of_gpt_neox_has_two_names() {
    read("neox");
    TensorSource head = tensors.remove("embed_out.weight");
    assertRefused("the weights have no tensor 'embed_out.weight' of shape [288, 16], which config");
    tensors.put(HEAD, head);
    try (DjlPolicy policy = load();
        DjlPolicy golden = Golden.policy("neox").threads(1).load()) {
      assertThat(scores(policy)).isEqualTo(scores(golden));
    }
  }

  @Test
  void masks_and_frequencies_of_older_files_are_left_out() {
    tensors.put("model.rotary_emb.inv_freq", filled(2));
    tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", filled(2));
    try (DjlPolicy policy = load()) {
      assertThat(policy.parameters()).noneMatch(it -> it.contains("inv_freq"));
    }
    tensors.put("model.layers.0.self_attn.q_proj.bias", filled(16));
    assertRefused("the tensor 'model.layers.0.self_attn.q_proj.bias' does not belong to the model");
  }

  @Test
  void weights_of_a_multimodal_model_are_refused_with_a_hint() {
    tensors.put("language_model." + EMBEDDING, tensors.remove(EMBEDDING));
    assertRefused(
        "the weights have no tensor 'model.embed_tokens.weight' of shape [288, 16], which");
    assertRefused("(the weights are those of a multimodal model; expected a text model)");
  }

  @Test
  void gpt2_files_without_the_prefix_and_with_masks_keep_their_names() {
    read("families/gpt2");
    double[] before;
    try (DjlPolicy policy = load()) {
      before = scores(policy);
    }
    String prefix = "transformer.";
    for (String name : List.copyOf(tensors.keySet())) {
      tensors.put(name.substring(prefix.length()), tensors.remove(name));
    }
    Set<String> names = Set.copyOf(tensors.keySet());
    tensors.put("h.0.attn.bias", filled(1, 1, 512, 512));
    tensors.put("h.1.attn.masked_bias", filled(1));
    try (DjlPolicy policy = load()) {
      assertThat(scores(policy)).isEqualTo(before);
      assertThat(policy.parameters()).allMatch(it -> it.startsWith(prefix));
      policy.save(folder.resolve("saved"));
    }
    try (CheckpointFolder saved = CheckpointFolder.open(folder.resolve("saved"))) {
      assertThat(saved.tensors().keySet()).isEqualTo(names);
    }
    config.put("n_layer", 3);
    assertThatThrownBy(this::load)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("config.json: key 'n_layer' is 3; expected at most 2, the number of");
  }

  @Test
  void fewer_layers_than_in_the_weights_are_refused() {
    config.put("num_hidden_layers", 1);
    assertRefused(
        "the tensor 'model.layers.1.input_layernorm.weight' does not belong to the model that config.json"
            + " (num_hidden_layers 1, ");
  }

  @Test
  void a_shape_against_the_config_is_reported_with_the_keys_that_ask_for_it() {
    config.put("intermediate_size", 48);
    assertRefused(
        "the tensor 'model.layers.0.mlp.gate_proj.weight' has the shape [40, 16], but config.json"
            + " (num_hidden_layers 2, vocab_size 288, hidden_size 16, intermediate_size 48, num_attention_heads 4,"
            + " num_key_value_heads 2, head_dim 4, attention_bias false, mlp_bias false) requires"
            + " [48, 16]");
  }

  @Test
  void a_quantization_config_beside_plain_weights_is_not_saved() throws IOException {
    ObjectNode plain = config.deepCopy();
    config.putObject("quantization_config").put("quant_method", "bitsandbytes");
    try (DjlPolicy policy = load()) {
      assertThat(policy.warnings())
          .singleElement()
          .asString()
          .contains("key 'quantization_config' is not used and will not be saved");
      policy.save(folder.resolve("saved"));
    }
    assertThat(saved()).isEqualTo(plain);
    tensors.put("model.layers.0.self_attn.q_proj.weight.absmax", filled(4));
    assertRefused(
        "config.json has a 'quantization_config'; only those of bitsandbytes in nf4 are supported");
  }

  @Test
  void ids_of_special_tokens_that_the_model_has_not_are_reported() throws IOException {
    config.put("pad_token_id", 288).put("bos_token_id", -1).put("eos_token_id", 287);
    write(folder.resolve("model"));
    Files.writeString(
        folder.resolve("model/generation_config.json"), "{\"eos_token_id\": [2, 99999999999]}");
    try (DjlPolicy policy = Golden.on(folder.resolve("model")).load()) {
      assertThat(policy.warnings())
          .hasSize(3)
          .anyMatch(it -> it.contains("config.json: key 'bos_token_id' names the token -1, but"))
          .anyMatch(it -> it.contains("key 'pad_token_id' names the token 288, but the model's"))
          .anyMatch(it -> it.contains("generation_config.json: key 'eos_token_id' names the"));
    }
  }

  @Test
  void the_folder_that_was_loaded_is_replaced_only_if_asked_for() throws IOException {
    Path reference = folder.resolve("reference");
    write(reference);
    write(folder.resolve("model"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("model"));
    try (DjlPolicy policy = Golden.on(folder.resolve("model")).load()) {
      policy.loadReference(reference);
      for (Path kept : new Path[] {folder.resolve("model"), link, reference}) {
        assertThatThrownBy(() -> policy.save(kept))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageStartingWith(kept + ": is the folder the model was loaded from");
      }
    }
    try (DjlPolicy policy = Golden.on(folder.resolve("model")).replace(true).load()) {
      policy.save(link);
    }
    assertThat(link).isSymbolicLink();
    assertThat(folder.resolve("model/config.json")).isRegularFile();
  }

  @Test
  void the_folder_of_an_earlier_reference_is_free_again() throws IOException {
    Path reference = folder.resolve("reference");
    write(reference);
    write(folder.resolve("model"));
    try (DjlPolicy policy = Golden.on(folder.resolve("model")).load()) {
      policy.loadReference(reference);
      policy.copyToReference();
      policy.save(reference);
      assertThat(policy.referenceDistance()).isZero();
      assertThatThrownBy(() -> policy.save(folder.resolve("model")))
          .isInstanceOf(InvalidInputException.class);
    }
    assertThat(reference.resolve("config.json")).isRegularFile();
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::load)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private DjlPolicy load() {
    Path model = folder.resolve("model");
    write(model);
    return Golden.on(model).threads(1).load();
  }

  private void read(String golden) {
    config = (ObjectNode) Golden.json(golden + "/config.json");
    tensors.clear();
    try (CheckpointFolder source = CheckpointFolder.open(Golden.path(golden))) {
      source
          .tensors()
          .forEach(
              (name, info) -> {
                float[] values = new float[(int) info.elements()];
                source.readFloat32(name).asFloatBuffer().get(values);
                tensors.put(name, TensorSource.of(info.shape(), values));
              });
    }
  }

  private void write(Path model) {
    try {
      Files.createDirectories(model);
      SafetensorsWriter.write(model.resolve("model.safetensors"), tensors);
      JSON.writeValue(model.resolve("config.json").toFile(), config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode saved() throws IOException {
    return (ObjectNode) JSON.readTree(folder.resolve("saved/config.json").toFile());
  }

  private static TensorSource filled(long... shape) {
    return TensorSource.of(
        shape,
        (first, target) -> {
          while (target.hasRemaining()) {
            target.put(0.5f);
          }
        });
  }

  private static double[] scores(DjlPolicy policy) {
    return policy.score(new PreferenceBatch(ImmutableList.copyOf(Golden.rows()))).values();
  }
}
