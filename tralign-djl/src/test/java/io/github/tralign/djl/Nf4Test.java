package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.djl.huggingface.SafetensorsWriter;
import io.github.tralign.djl.huggingface.TensorSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
