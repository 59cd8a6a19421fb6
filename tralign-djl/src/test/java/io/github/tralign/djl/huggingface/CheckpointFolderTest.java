package io.github.tralign.djl.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFolderTest {
  @TempDir Path folder;

  @BeforeEach
  void write_config() {
    TestFiles.write(folder.resolve("config.json"), "{\"hidden_size\": 8}");
  }

  @Test
  void a_single_file_is_read() {
    weights("model.safetensors", "b", "a");
    try (CheckpointFolder opened = CheckpointFolder.open(folder)) {
      assertThat(opened.config().requiredInt("hidden_size")).isEqualTo(8);
      assertThat(opened.tensors().keySet()).containsExactly("a", "b");
      assertThat(TestFiles.floats(opened.readFloat32("b"))).containsExactly('b');
      assertThatThrownBy(() -> opened.readFloat32("c"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(folder + ": has no tensor 'c'");
    }
  }

  @Test
  void shards_are_read_as_one() {
    weights("one.safetensors", "a", "c");
    weights("two.safetensors", "b");
    index("a", "one.safetensors", "b", "two.safetensors", "c", "one.safetensors");
    try (CheckpointFolder opened = CheckpointFolder.open(folder)) {
      assertThat(opened.tensors().keySet()).containsExactly("a", "b", "c");
      float[] value = new float[1];
      opened.readFloat32("b", 0, FloatBuffer.wrap(value));
      assertThat(value).containsExactly('b');
    }
  }

  @Test
  void links_are_followed_as_a_hugging_face_cache_needs() throws IOException {
    Path blobs = Files.createDirectory(folder.resolve("blobs"));
    weights("blobs/0123", "a");
    Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
    Files.createSymbolicLink(snapshot.resolve("config.json"), folder.resolve("config.json"));
    Files.createSymbolicLink(snapshot.resolve("model.safetensors"), blobs.resolve("0123"));
    try (CheckpointFolder opened = CheckpointFolder.open(snapshot)) {
      assertThat(opened.tensors()).containsOnlyKeys("a");
    }
  }

  @Test
  void what_is_missing_is_reported() throws IOException {
    assertRefused(folder.resolve("none"), folder.resolve("none") + ": no such model folder");
    assertRefused(
        folder.resolve("config.json"),
        folder.resolve("config.json") + ": is not a folder; expected a model's folder");
    assertRefused(
        folder,
        folder + ": has no weights; expected model.safetensors or model.safetensors.index.json");
    Files.delete(folder.resolve("config.json"));
    assertRefused(folder, folder + ": has no config.json; is it a model's folder?");
    Path adapter = Files.createDirectory(folder.resolve("adapter"));
    Files.writeString(adapter.resolve("adapter_config.json"), "{}");
    String hint =
        "; "
            + adapter
            + " has an adapter, which is loaded beside its base model (--policy BASE --adapter "
            + adapter
            + ") or added to it (merge)";
    assertRefused(folder, folder + ": has no config.json" + hint);
    assertRefused(adapter, adapter + ": has no config.json" + hint);
    assertRefused(
        folder.resolve("model"), folder.resolve("model") + ": no such model folder" + hint);
    Path model = Files.createDirectory(folder.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    assertRefused(folder, folder + ": has no config.json; the model is in " + model);
  }

  @Test
  void a_name_of_the_hub_is_no_folder() {
    assertThatThrownBy(() -> CheckpointFolder.open(Path.of("EleutherAI", "pythia-70m")))
        .hasMessage(
            "EleutherAI/pythia-70m: no such model folder; to download it from the Hugging Face Hub:"
                + " hf download EleutherAI/pythia-70m --local-dir pythia-70m");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytorch_model.bin",
        "pytorch_model-00001-of-00002.bin",
        "model.pt",
        "model.pth",
        "model.ckpt"
      })
  void pickle_files_are_never_read(String pickle) {
    TestFiles.write(folder.resolve(pickle), "anything");
    assertRefused(
        folder,
        ("%s: has its weights only as a pickle (%s); pickle files are never read because loading"
                + " them can run code; convert with transformers' save_pretrained, which writes"
                + " model.safetensors")
            .formatted(folder, pickle));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../one.safetensors",
        "/etc/one.safetensors",
        "sub/one.safetensors",
        "..\\\\one.safetensors",
        "C:one.safetensors",
        "one.bin",
        "..",
        "",
        "one.safetensors\\u0000.safetensors"
      })
  void an_index_cannot_lead_out_of_the_folder(String shard) {
    index("a", shard);
    assertThatThrownBy(() -> CheckpointFolder.open(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(folder.resolve("model.safetensors.index.json") + ": tensor 'a': ")
        .hasMessageEndingWith("expected the plain name of a .safetensors file in this folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"weight_map\": 7}", "{\"weight_map\": {}}", "{\"weight_map\": [\"a\"]}"})
  void an_index_without_a_weight_map_is_refused(String json) {
    TestFiles.write(folder.resolve("model.safetensors.index.json"), json);
    assertRefused(
        folder,
        folder.resolve("model.safetensors.index.json")
            + ": expected an object 'weight_map' from tensor names to shards");
  }

  @Test
  void a_shard_that_is_not_text_is_refused() {
    TestFiles.write(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {\"a\": 7}}");
    assertThatThrownBy(() -> CheckpointFolder.open(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("tensor 'a': shard 7; expected the plain name");
  }

  @Test
  void a_missing_shard_is_reported() {
    weights("one.safetensors", "a");
    index("a", "one.safetensors", "b", "two.safetensors");
    assertRefused(
        folder,
        folder.resolve("model.safetensors.index.json")
            + ": lists shard 'two.safetensors', which is not in the folder");
  }

  @Test
  void an_index_that_is_out_of_date_does_no_harm() {
    weights("one.safetensors", "a", "b");
    weights("two.safetensors", "c");
    TestFiles.write(
        folder.resolve("model.safetensors.index.json"),
        """
        {"metadata": null, "weight_map": {"a": "one.safetensors", "b": "two.safetensors",
         "model.rotary_emb.inv_freq": "two.safetensors"}}\
        """);
    try (CheckpointFolder opened = CheckpointFolder.open(folder)) {
      assertThat(opened.tensors().keySet()).containsExactly("a", "b", "c");
      float[] value = new float[1];
      opened.readFloat32("b", 0, FloatBuffer.wrap(value));
      assertThat(value).containsExactly('b');
    }
  }

  @Test
  void a_tensor_in_two_shards_is_refused() {
    weights("one.safetensors", "a", "b");
    weights("two.safetensors", "b", "c");
    index("a", "one.safetensors", "b", "two.safetensors");
    assertRefused(
        folder,
        folder.resolve("two.safetensors")
            + ": has tensor 'b', and so does one.safetensors; expected it in only one of them");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, Integer.MAX_VALUE})
  void more_layers_than_in_the_weights_are_refused(int layers) {
    weights("model.safetensors", "model.layers.0.a", "model.layers.1.a", "model.layers.1.b", "c");
    TestFiles.write(folder.resolve("config.json"), "{\"num_hidden_layers\": " + layers + "}");
    assertRefused(
        folder,
        "%s: key 'num_hidden_layers' is %d; expected at most 2, the number of layers in the weights"
            .formatted(folder.resolve("config.json"), layers));
  }

  private static void assertRefused(Path folder, String message) {
    assertThatThrownBy(() -> CheckpointFolder.open(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message);
  }

  /** Writes tensors of one value each, their name's first letter. */
  private void weights(String file, String... names) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    for (String name : names) {
      tensors.put(name, TensorSource.of(new long[] {1}, new float[] {name.charAt(0)}));
    }
    SafetensorsWriter.write(folder.resolve(file), tensors);
  }

  private void index(String... tensorsAndShards) {
    StringBuilder map = new StringBuilder();
    for (int i = 0; i < tensorsAndShards.length; i += 2) {
      map.append(i == 0 ? "" : ", ")
          .append("\"%s\": \"%s\"".formatted(tensorsAndShards[i], tensorsAndShards[i + 1]));
    }
    TestFiles.write(
        folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {%s}}".formatted(map));
  }
}
