package io.github.tralign.djl.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
  private static final TensorSource FAILING =
      TensorSource.of(
          new long[] {1 << 19},
          (first, target) -> {
            if (first > 0) {
              throw new IllegalStateException("in the middle");
            }
            target.position(target.limit());
          });

  @TempDir Path temporary;
  private Path target;
  private final ObjectNode config =
      StrictJson.MAPPER.createObjectNode().put("hidden_size", 8).put("eps", 1e-5);

  @BeforeEach
  void choose_target() {
    target = temporary.resolve("model");
  }

  @Test
  void a_folder_is_written_whole_and_read_again() {
    CheckpointWriter.to(target).write(config, tensors(3));
    assertThat(TestFiles.names(target)).containsExactly("config.json", "model.safetensors");
    assertThat(TestFiles.names(temporary)).containsExactly("model");
    assertHolds(3);
  }

  @Test
  void parent_folders_are_made() {
    target = temporary.resolve("runs").resolve("1").resolve("model");
    CheckpointWriter.to(target).write(config, tensors(1));
    assertHolds(1);
  }

  @Test
  void the_config_says_float32_under_the_key_that_it_has() {
    assertThat(written(config))
        .isEqualTo(
            """
            {
              "hidden_size": 8,
              "eps": 1.0E-5,
              "dtype": "float32"
            }
            """);
    assertThat(written(config.deepCopy().put("dtype", "bfloat16")))
        .contains("\"dtype\": \"float32\"")
        .doesNotContain("torch_dtype");
    assertThat(written(config.deepCopy().put("torch_dtype", "float16")))
        .contains("\"torch_dtype\": \"float32\"")
        .doesNotContain("\"dtype\"");
    assertThat(config.has("dtype")).isFalse();
  }

  @Test
  void the_config_says_the_type_of_most_values() {
    Map<String, TensorSource> mixed = new TreeMap<>(tensors(1));
    mixed.put("much", TensorSource.of(new long[] {9}, new float[9]).as(Dtype.BF16));
    CheckpointWriter.to(target)
        .write(
            config
                .deepCopy()
                .put("torch_dtype", "float32")
                .put("attn_implementation", "flash_attention_2"),
            mixed);
    assertThat(target.resolve("config.json"))
        .content()
        .contains("\"torch_dtype\": \"bfloat16\"", "flash_attention_2")
        .doesNotContain("\"dtype\"");
    mixed.replaceAll((name, it) -> it.as(Dtype.F16));
    CheckpointWriter.to(target).replace(true).write(config, mixed);
    assertThat(target.resolve("config.json")).content().contains("\"dtype\": \"float16\"");
  }

  @Test
  void shards_are_named_filled_and_indexed_as_hugging_face_does() {
    CheckpointWriter.to(target).maxShardBytes(20).write(config, tensors(5)); // 8 bytes each
    assertThat(TestFiles.names(target))
        .containsExactly(
            "config.json",
            "model-00001-of-00003.safetensors",
            "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors",
            "model.safetensors.index.json");
    assertThat(TestFiles.text(target.resolve("model.safetensors.index.json")))
        .isEqualTo(
            """
            {
              "metadata": {
                "total_size": 40
              },
              "weight_map": {
                "t0": "model-00001-of-00003.safetensors",
                "t1": "model-00001-of-00003.safetensors",
                "t2": "model-00002-of-00003.safetensors",
                "t3": "model-00002-of-00003.safetensors",
                "t4": "model-00003-of-00003.safetensors"
              }
            }
            """);
    assertHolds(5);
  }

  @Test
  void a_tensor_larger_than_a_shard_has_one_to_itself() {
    CheckpointWriter.to(target).maxShardBytes(1).write(config, tensors(3));
    assertThat(TestFiles.names(target)).hasSize(5);
    assertHolds(3);
  }

  @Test
  void the_same_model_is_the_same_bytes() {
    Path again = temporary.resolve("again");
    CheckpointWriter.to(target).maxShardBytes(16).write(config, tensors(5));
    CheckpointWriter.to(again).maxShardBytes(16).write(config, tensors(5));
    assertThat(TestFiles.names(again)).isEqualTo(TestFiles.names(target));
    for (String name : TestFiles.names(target)) {
      assertThat(again.resolve(name)).hasSameBinaryContentAs(target.resolve(name));
    }
  }

  @Test
  void companions_are_copied_and_nothing_else() throws IOException {
    Path source = Files.createDirectory(temporary.resolve("source"));
    for (String name :
        new String[] {
          "tokenizer.json", "chat_template.jinja", "LICENSE", "Notice.txt", "merges.txt",
          "README.md", "pytorch_model.bin", "old.safetensors", "config.json", "licensed.bin"
        }) {
      TestFiles.write(source.resolve(name), "content of " + name);
    }
    Path templates = Files.createDirectory(source.resolve("additional_chat_templates"));
    TestFiles.write(templates.resolve("tool.jinja"), "{{ tool }}");
    CheckpointWriter.to(target).copyFilesFrom(source).write(config, tensors(1));
    assertThat(TestFiles.names(target))
        .containsExactly(
            "LICENSE",
            "Notice.txt",
            "additional_chat_templates",
            "chat_template.jinja",
            "config.json",
            "merges.txt",
            "model.safetensors",
            "tokenizer.json");
    assertThat(TestFiles.text(target.resolve("tokenizer.json")))
        .isEqualTo("content of tokenizer.json");
    assertThat(target.resolve("additional_chat_templates").resolve("tool.jinja"))
        .hasContent("{{ tool }}");
  }

  @Test
  void a_failure_in_the_middle_leaves_nothing() {
    assertThatThrownBy(
            () ->
                CheckpointWriter.to(target)
                    .maxShardBytes(8)
                    .write(config, Map.of("a", tensors(1).get("t0"), "b", FAILING)))
        .hasMessage("in the middle");
    assertThat(TestFiles.names(temporary)).isEmpty();
  }

  @Test
  void a_failure_in_the_middle_leaves_the_folder_that_was_to_be_replaced() {
    CheckpointWriter.to(target).write(config, tensors(2));
    assertThatThrownBy(
            () -> CheckpointWriter.to(target).replace(true).write(config, Map.of("b", FAILING)))
        .hasMessage("in the middle");
    assertThat(TestFiles.names(temporary)).containsExactly("model");
    assertHolds(2);
  }

  @Test
  void an_empty_folder_is_filled() throws IOException {
    Files.createDirectory(target);
    CheckpointWriter.to(target).write(config, tensors(1));
    assertHolds(1);
  }

  @Test
  void a_checkpoint_is_replaced_only_on_demand() {
    CheckpointWriter.to(target).write(config, tensors(2));
    assertRefused(CheckpointWriter.to(target), ": is not empty; choose a new or empty folder");
    assertHolds(2);
    CheckpointWriter.to(target).replace(true).write(config, tensors(1));
    assertThat(TestFiles.names(temporary)).containsExactly("model");
    assertHolds(1);
  }

  @Test
  void a_folder_that_is_to_be_kept_is_not_replaced_not_even_through_a_link() throws IOException {
    CheckpointWriter.to(target).write(config, tensors(2));
    byte[] before = TestFiles.bytes(target.resolve("model.safetensors"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), target);
    for (Path same : List.of(target, link, target.resolve("."))) {
      assertThatThrownBy(
              () -> CheckpointWriter.to(same).replace(true).keep(target).write(config, tensors(1)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              same
                  + ": is the folder the model was loaded from; choose another folder, or allow it to"
                  + " be replaced");
    }
    assertThatThrownBy(
            () ->
                CheckpointWriter.to(target)
                    .replace(true)
                    .keep(Files.createDirectory(target.resolve("inside")))
                    .write(config, tensors(1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("which the model is read from");
    assertThat(target.resolve("model.safetensors")).hasBinaryContent(before);
    CheckpointWriter.to(temporary.resolve("other")).keep(target).write(config, tensors(1));
    assertThat(temporary.resolve("other")).isDirectoryContaining("glob:**model.safetensors");
  }

  @Test
  void attention_that_takes_no_fp32_is_not_asked_for() throws IOException {
    CheckpointWriter.to(target)
        .write(
            config
                .deepCopy()
                .put("_attn_implementation", "flash_attention_2")
                .put("attn_implementation", "sdpa"),
            tensors(1));
    assertThat(StrictJson.readObject(target.resolve("config.json")))
        .isEqualTo(config.deepCopy().put("attn_implementation", "sdpa").put("dtype", "float32"));
  }

  @Test
  void numbers_that_are_not_finite_are_written_as_python_writes_them() {
    CheckpointWriter.to(target)
        .write(config.deepCopy().put("a", Double.NaN).put("b", 1 / -0.0), tensors(1));
    assertThat(TestFiles.text(target.resolve("config.json")))
        .contains("\"a\": NaN,", "\"b\": -Infinity,");
  }

  @Test
  void a_checkpoint_can_be_replaced_while_it_is_read() {
    CheckpointWriter.to(target).write(config, tensors(2));
    TestFiles.write(target.resolve("tokenizer.json"), "{}");
    try (CheckpointFolder open = CheckpointFolder.open(target)) {
      TensorSource same =
          TensorSource.of(new long[] {2}, (first, values) -> open.readFloat32("t0", first, values));
      CheckpointWriter.to(target)
          .copyFilesFrom(target)
          .replace(true)
          .write(config, Map.of("t0", same));
    }
    assertThat(TestFiles.names(target)).contains("tokenizer.json");
    assertHolds(1);
  }

  @Test
  void a_folder_that_is_no_checkpoint_is_never_replaced() {
    TestFiles.write(temporary.resolve("diary.txt"), "mine");
    target = temporary;
    assertThatThrownBy(() -> CheckpointWriter.to(target).replace(true).write(config, tensors(1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("has no config.json, so it is not a checkpoint");
    assertThat(TestFiles.names(temporary)).containsExactly("diary.txt");
  }

  @Test
  void a_checkpoint_that_holds_the_source_is_never_replaced() throws IOException {
    CheckpointWriter.to(target).write(config, tensors(1));
    Path source = Files.createDirectory(target.resolve("source"));
    assertRefused(
        CheckpointWriter.to(target).copyFilesFrom(source).replace(true),
        ": contains " + source + ", which the model is read from; choose another folder");
  }

  @Test
  void a_target_that_is_a_file_and_a_source_that_is_not_there_are_refused() {
    TestFiles.write(target, "a file");
    assertRefused(
        CheckpointWriter.to(target).replace(true),
        ": is not a folder; choose a new or empty folder");
    Path none = temporary.resolve("none");
    assertThatThrownBy(
            () ->
                CheckpointWriter.to(temporary.resolve("new"))
                    .copyFilesFrom(none)
                    .write(config, tensors(1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(none + ": no such folder to copy files from");
    assertThat(TestFiles.names(temporary)).containsExactly("model");
  }

  @Test
  void a_link_to_a_folder_stays_a_link() throws IOException {
    Path real = Files.createDirectory(temporary.resolve("real"));
    Files.createSymbolicLink(target, real);
    CheckpointWriter.to(target).write(config, tensors(1));
    assertThat(target).isSymbolicLink();
    assertThat(TestFiles.names(real)).contains("model.safetensors");
  }

  @Test
  void a_shard_size_below_one_byte_is_refused() {
    assertThatThrownBy(() -> CheckpointWriter.to(target).maxShardBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxShardBytes is 0; expected >= 1");
  }

  /** {@code t0}, {@code t1} … of two values each. */
  private static Map<String, TensorSource> tensors(int count) {
    Map<String, TensorSource> tensors = new HashMap<>();
    for (int i = 0; i < count; i++) {
      tensors.put("t" + i, TensorSource.of(new long[] {2}, new float[] {i, i + 0.5f}));
    }
    return tensors;
  }

  private void assertHolds(int count) {
    try (CheckpointFolder read = CheckpointFolder.open(target)) {
      assertThat(read.tensors()).hasSize(count);
      for (int i = 0; i < count; i++) {
        assertThat(TestFiles.floats(read.readFloat32("t" + i))).containsExactly(i, i + 0.5f);
      }
    }
  }

  private String written(ObjectNode config) {
    CheckpointWriter.to(target).replace(true).write(config, tensors(1));
    return TestFiles.text(target.resolve("config.json"));
  }

  private void assertRefused(CheckpointWriter writer, String message) {
    assertThatThrownBy(() -> writer.write(config, tensors(1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(target + message);
  }
}
