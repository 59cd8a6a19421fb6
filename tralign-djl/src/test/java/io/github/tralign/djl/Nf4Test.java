package io.github.tralign.djl;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.Bytes;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.djl.huggingface.SafetensorsWriter;
import io.github.tralign.djl.huggingface.TensorInfo;
import io.github.tralign.djl.huggingface.TensorSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that bitsandbytes quantized to 4 bits; see {@code tools/make_nf4_goldens.py}. */
@Tag("numeric")
class Nf4Test {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "phi3"})
  void values_are_those_that_bitsandbytes_decodes(String name) {
    try (DjlModel kept = Golden.policy("nf4/" + name).loadModel();
        DjlModel decoded =
            Golden.policy("nf4/" + name).basePrecision(BasePrecision.FP32).loadModel();
        SafetensorsFile dense =
            SafetensorsFile.open(Golden.path("nf4/" + name + "/dense.safetensors"))) {
      assertThat(dense.tensors()).hasSizeGreaterThan(4);
      for (String matrix : dense.tensors().keySet()) {
        double[] expected = values(dense, matrix);
        assertThat(kept.values(matrix)).as(matrix).isEqualTo(expected);
        assertThat(decoded.values(matrix)).as(matrix).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"llama, FP32", "llama, BF16", "phi3, FP32"})
  void an_adapter_is_trained_as_over_the_decoded_model(String name, Precision precision)
      throws IOException {
    try (DjlPolicy quantized = adapted(Golden.path("nf4/" + name), precision).load();
        DjlPolicy dense = adapted(decoded(name), precision).load()) {
      GoldenRun.trainShortly(quantized);
      GoldenRun.trainShortly(dense);
      for (String parameter : dense.parameters()) {
        assertThat(quantized.values(parameter)).as(parameter).isEqualTo(dense.values(parameter));
      }
      for (String matrix : dense.weights()) {
        assertThat(quantized.values(matrix)).as(matrix).isEqualTo(dense.values(matrix));
      }
      PreferenceBatch batch = PreferenceBatch.of(Golden.rows().subList(0, 4));
      assertThat(quantized.score(batch).values()).isEqualTo(dense.score(batch).values());
      assertThat(quantized.referenceDistance()).isEqualTo(dense.referenceDistance()).isPositive();
    }
  }

  @Test
  void a_frozen_policy_scores_and_cannot_be_trained() throws IOException {
    PreferenceBatch batch = PreferenceBatch.of(Golden.rows().subList(0, 4));
    try (DjlPolicy frozen = Golden.policy("nf4/llama").threads(1).frozen(true).load();
        DjlModel dense = Golden.on(decoded("llama")).threads(1).loadModel()) {
      assertThat(frozen.score(batch).values()).isEqualTo(dense.score(batch).values());
      assertThatThrownBy(() -> GoldenRun.trainShortly(frozen))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("loaded as frozen");
      frozen.loadReference(Golden.path("nf4/llama"));
      assertThat(frozen.reference().score(batch).values()).isEqualTo(dense.score(batch).values());
      assertThatThrownBy(() -> frozen.mixReference(0.5))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("loaded as frozen");
    }
  }

  @Test
  void the_weights_cannot_be_trained() {
    assertThatThrownBy(() -> Golden.policy("nf4/llama").load())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll("nf4/llama", "quantized to 4 bits", "--lora-rank");
  }

  @Test
  void merging_an_adapter_saves_the_decoded_model() throws IOException {
    Path adapter = folder.resolve("adapter");
    Path merged = folder.resolve("merged");
    try (DjlPolicy policy = adapted(Golden.path("nf4/llama"), Precision.FP32).load()) {
      GoldenRun.trainShortly(policy);
      policy.save(adapter);
    }
    try (DjlPolicy policy = Golden.policy("nf4/llama").mergeAdapter(adapter).load()) {
      policy.save(merged, SaveDtype.FP32);
      try (DjlPolicy dense = Golden.on(decoded("llama")).mergeAdapter(adapter).load();
          DjlPolicy saved = Golden.on(merged).load()) {
        for (String parameter : dense.parameters()) {
          assertThat(saved.values(parameter)).as(parameter).isEqualTo(dense.values(parameter));
        }
      }
    }
    assertThat(merged.resolve("config.json")).content().doesNotContain("quantization");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".absmax | '….absmax' is missing",
        ".quant_map | '….quant_map' is missing",
        ".nested_absmax | '….nested_absmax' is missing"
      })
  void a_missing_tensor_is_named(String suffix, String message) throws IOException {
    String matrix = "model.layers.0.mlp.up_proj.weight";
    Path damaged = Files.createDirectory(folder.resolve("damaged"));
    Files.copy(Golden.path("nf4/llama/config.json"), damaged.resolve("config.json"));
    String file =
        Files.readString(Golden.path("nf4/llama/model.safetensors"), StandardCharsets.ISO_8859_1);
    Files.writeString(
        damaged.resolve("model.safetensors"),
        file.replace(
            '"' + matrix + suffix + '"', '"' + matrix + suffix.toUpperCase(Locale.ROOT) + '"'),
        StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Golden.on(damaged).loadModel())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(damaged.toString(), matrix, message.replace("…", matrix));
  }

  /** Not so for what does not change the decoded values. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | quant_method | \"gptq\" | bitsandbytes",
        "llama | bnb_4bit_quant_type | \"fp4\" | nf4",
        "llama | load_in_4bit | false | true",
        "llama | load_in_8bit | true | false",
        "llama | bnb_4bit_use_double_quant | false | true, since the scales of 'model.layers.0.mlp.down_proj.weight' are quantized too",
        "phi3 | bnb_4bit_use_double_quant | true | false, since the scales of 'model.layers.0.mlp.down_proj.weight' are not quantized",
        "llama | bnb_4bit_quant_storage | \"bfloat16\" | uint8",
        "llama | llm_int8_skip_modules | [\"model.layers.1.mlp\"] | modules that are not quantized; 'model.layers.1.mlp.down_proj.weight' is",
        "llama | bnb_4bit_quant_type | 4 | a string"
      })
  void a_config_that_contradicts_the_tensors_is_rejected(
      String name, String key, String value, String expected) throws IOException {
    Path changed = changed(name, key, value);
    assertThatThrownBy(() -> Golden.on(changed).loadModel())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(
            changed.resolve("config.json") + ": key 'quantization_config." + key + "' is ",
            "; expected " + expected);
  }

  @Test
  void a_matrix_that_is_not_quantized_must_be_among_the_skipped() throws IOException {
    String module = "model.layers.1.self_attn.o_proj";
    Path mixed = changed("llama", "llm_int8_skip_modules", "[\"" + module + "\"]");
    Path weights = mixed.resolve("model.safetensors");
    replaceByZeros(weights, module + ".weight", 64 * 64);
    try (DjlModel model = Golden.on(mixed).loadModel()) {
      assertThat(model.values(module + ".weight")).hasSize(64 * 64).containsOnly(0);
    }
    Files.copy(
        Golden.path("nf4/llama/config.json"), mixed.resolve("config.json"), REPLACE_EXISTING);
    assertThatThrownBy(() -> Golden.on(mixed).loadModel())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(
            "config.json: key 'quantization_config.llm_int8_skip_modules' is null", module);
  }

  /** Writes a matrix [64, 64] of bf16 in place of one in 4 bits. */
  private static void replaceByZeros(Path weights, String matrix, int size) throws IOException {
    ObjectNode header = new ObjectMapper().createObjectNode();
    byte[] all = Files.readAllBytes(weights);
    int start = 8 + (int) ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      for (TensorInfo info : file.tensors().values()) {
        if (info.name().startsWith(matrix + ".")) {
          continue;
        }
        boolean replaced = info.name().equals(matrix);
        int begin = start + (int) info.begin();
        int end = start + (int) info.end();
        byte[] bytes = replaced ? new byte[2 * size] : Arrays.copyOfRange(all, begin, end);
        ObjectNode entry = header.putObject(info.name());
        entry.put("dtype", replaced ? "BF16" : info.dtype().name());
        entry.putPOJO("shape", replaced ? new long[] {64, 64} : info.shape());
        entry.putPOJO("data_offsets", new int[] {data.size(), data.size() + bytes.length});
        data.write(bytes);
      }
    }
    byte[] text = new ObjectMapper().writeValueAsBytes(header);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(
        weights, Bytes.concat(length.putLong(text.length).array(), text, data.toByteArray()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bnb_4bit_compute_dtype | \"float32\"",
        "llm_int8_threshold | 0.0",
        "bnb_4bit_quant_storage | null",
        "llm_int8_skip_modules | [\"lm_head\"]"
      })
  void a_config_that_changes_no_value_is_accepted(String key, String value) throws IOException {
    String matrix = "model.layers.0.mlp.up_proj.weight";
    try (DjlModel one = Golden.on(changed("llama", key, value)).loadModel();
        DjlModel other = Golden.policy("nf4/llama").loadModel()) {
      assertThat(one.values(matrix)).isEqualTo(other.values(matrix));
    }
  }

  /** The folder with another value of a key of its quantization_config. */
  private Path changed(String name, String key, String value) throws IOException {
    Path changed = Files.createDirectory(folder.resolve("changed"));
    ObjectMapper json = new ObjectMapper();
    JsonNode config = json.readTree(Golden.path("nf4/" + name + "/config.json").toFile());
    ((ObjectNode) config.get("quantization_config")).set(key, json.readTree(value));
    json.writeValue(changed.resolve("config.json").toFile(), config);
    Files.copy(
        Golden.path("nf4/" + name + "/model.safetensors"), changed.resolve("model.safetensors"));
    return changed;
  }

  private static DjlPolicyBuilder adapted(Path base, Precision precision) {
    return Golden.on(base).threads(1).precision(precision).adapter(Adapter.lora(4).seed(3));
  }

  private static double[] values(SafetensorsFile file, String name) {
    float[] floats = new float[(int) file.tensors().get(name).elements()];
    file.readFloat32(name).asFloatBuffer().get(floats);
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** The model with the values that bitsandbytes decodes, in the type that it decodes to. */
  private Path decoded(String name) throws IOException {
    Path dense = Files.createDirectories(folder.resolve("dense"));
    Map<String, TensorSource> tensors = new TreeMap<>();
    try (CheckpointFolder source = CheckpointFolder.open(Golden.path("nf4/" + name));
        SafetensorsFile values =
            SafetensorsFile.open(Golden.path("nf4/" + name + "/dense.safetensors"))) {
      source
          .tensors()
          .forEach(
              (tensor, info) -> {
                float[] floats = new float[(int) info.elements()];
                (values.tensors().containsKey(tensor)
                        ? values.readFloat32(tensor)
                        : source.readFloat32(tensor))
                    .asFloatBuffer()
                    .get(floats);
                tensors.put(tensor, TensorSource.of(info.shape(), floats).as(source.dtype(tensor)));
              });
    }
    SafetensorsWriter.write(dense.resolve("model.safetensors"), tensors);
    String config = Files.readString(Golden.path("nf4/" + name + "/config.json"));
    Files.writeString(dense.resolve("config.json"), config);
    return dense;
  }
}
