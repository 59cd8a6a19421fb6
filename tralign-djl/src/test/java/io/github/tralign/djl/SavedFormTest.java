package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.CheckpointWriter;
import io.github.tralign.djl.huggingface.Dtype;
import io.github.tralign.djl.huggingface.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is saved has the form in which it was read. */
class SavedFormTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir private Path folder;
  private final Map<String, TensorSource> tensors = new TreeMap<>();
  private final Map<String, String> files = new TreeMap<>();
  private JsonNode config;

  /** Norms are fp32, all else is bf16; layers are in one shard, what is outside in another. */
  @BeforeEach
  void read() {
    config = Golden.json("llama/config.json");
    try (CheckpointFolder source = CheckpointFolder.open(Golden.path("llama"))) {
      source
          .tensors()
          .forEach(
              (name, info) -> {
                float[] values = new float[(int) info.elements()];
                source.readFloat32(name).asFloatBuffer().get(values);
                Dtype type = name.contains("norm") ? Dtype.F32 : Dtype.BF16;
                tensors.put(name, TensorSource.of(info.shape(), values).as(type));
                files.put(
                    name,
                    name.contains("layers")
                        ? "model-00002-of-00002.safetensors"
                        : "model-00001-of-00002.safetensors");
              });
    }
  }

  @Test
  void shards_types_and_companions_are_those_that_were_read() throws IOException {
    Path read = write();
    List<String> companions =
        List.of("chat_template.jinja", "generation_config.json", "LICENSE", "tokenizer.json");
    for (String name : companions) {
      Files.writeString(read.resolve(name), "{\"of\": \"" + name + "\"}");
    }
    Files.writeString(read.resolve("README.md"), "of another model then");
    Path saved = save(read, SaveDtype.SOURCE);
    for (String name : files.values()) {
      assertThat(saved.resolve(name)).hasSameBinaryContentAs(read.resolve(name));
    }
    for (String name : companions) {
      assertThat(saved.resolve(name)).hasSameBinaryContentAs(read.resolve(name));
    }
    for (String name : List.of(INDEX, "config.json")) {
      assertThat(json(saved.resolve(name))).isEqualTo(json(read.resolve(name)));
    }
    try (var entries = Files.list(saved)) {
      assertThat(entries).hasSize(companions.size() + 4);
    }
  }

  @Test
  void the_card_of_a_model_that_is_replaced_stays() throws IOException {
    Path read = write();
    Path saved = save(read, SaveDtype.SOURCE);
    Files.writeString(saved.resolve("README.md"), "edited");
    Files.writeString(saved.resolve("other"), "of the old checkpoint");
    try (DjlPolicy policy = Golden.on(read).load()) {
      policy.save(saved);
    }
    assertThat(saved.resolve("README.md")).hasContent("edited");
    assertThat(saved.resolve("other")).doesNotExist();
  }

  @Test
  void another_type_leaves_the_shards_as_they_are() throws IOException {
    Path saved = save(write(), SaveDtype.FP32);
    assertThat(json(saved.resolve(INDEX)).path("weight_map"))
        .isEqualTo(JSON.valueToTree(new TreeMap<>(files)));
    try (CheckpointFolder folder = CheckpointFolder.open(saved)) {
      assertThat(folder.tensors().values()).allMatch(it -> it.dtype() == Dtype.F32);
      assertThat(folder.file("model.norm.weight")).isEqualTo(files.get("model.norm.weight"));
    }
  }

  @Test
  void one_file_stays_one_and_a_single_shard_a_shard() throws IOException {
    assertThat(save(Golden.path("llama"), SaveDtype.BF16).resolve("model.safetensors")).exists();
    files.replaceAll((tensor, file) -> "model-00001-of-00001.safetensors");
    Path saved = folder.resolve("shard");
    try (DjlPolicy policy = Golden.on(write()).load()) {
      policy.save(saved);
    }
    assertThat(saved.resolve("model-00001-of-00001.safetensors")).exists();
    assertThat(saved.resolve("model.safetensors")).doesNotExist();
    assertThat(json(saved.resolve(INDEX)).path("weight_map")).hasSameSizeAs(tensors.keySet());
  }

  @Test
  void a_head_that_is_tied_is_written_once_and_its_shard_not_at_all() throws IOException {
    tensors.put("lm_head.weight", tensors.get("model.embed_tokens.weight"));
    files.put("lm_head.weight", "model-00003-of-00003.safetensors");
    Path saved = save(write(), SaveDtype.SOURCE);
    assertThat(saved.resolve("model-00003-of-00003.safetensors")).doesNotExist();
    assertThat(json(saved.resolve(INDEX)).path("weight_map").has("lm_head.weight")).isFalse();
    try (DjlPolicy again = Golden.on(saved).load()) {
      assertThat(again.warnings()).isEmpty();
    }
  }

  private Path write() {
    Path read = folder.resolve("read");
    CheckpointWriter.to(read).filesOf(files).write(config, tensors);
    return read;
  }

  private Path save(Path read, SaveDtype dtype) {
    Path saved = folder.resolve("saved");
    try (DjlPolicy policy = Golden.on(read).saveDtype(dtype).load()) {
      policy.save(saved);
    }
    return saved;
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }
}
