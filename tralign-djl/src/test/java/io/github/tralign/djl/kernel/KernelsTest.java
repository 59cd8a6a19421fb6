package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.DecoderSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelsTest {

  private static final DecoderSpec SPEC =
      Architecture.of(
              ConfigJson.of(
                  Path.of("config.json"),
                  JsonNodeFactory.instance
                      .objectNode()
                      .put("model_type", "llama")
                      .put("hidden_size", 8)
                      .put("intermediate_size", 8)
                      .put("num_hidden_layers", 2)
                      .put("num_attention_heads", 2)
                      .put("vocab_size", 8)
                      .put("max_position_embeddings", 8)
                      .set(
                          "architectures",
                          JsonNodeFactory.instance.arrayNode().add("LlamaForCausalLM"))))
          .spec();

  private static Engine engine() {
    Offline.ensure();
    return Engine.getEngine("PyTorch");
  }

  /**
   * Loading checks all names and types, so that it tells of a PyTorch that the texts do not suit.
   */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP32_HIGH")
  void those_for_gpus_are_compiled_without_one(Products products) {
    try (NDManager manager = engine().newBaseManager(Device.cpu())) {
      assertThat(new Kernels(manager, Kernels.texts(Device.gpu(), products, SPEC), SPEC))
          .isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"add_rows", "add_rows_sorted"})
  void rows_with_the_same_index_are_all_added(String text) {
    try (NDManager manager = engine().newBaseManager(TestDevice.get())) {
      Kernels kernels =
          new Kernels(manager, List.of("product", "product_fp32", "packed_fp32", text), null);
      NDArray table = manager.ones(new Shape(4, 2));
      NDArray rows = manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(4, 2));
      kernels.run(
          "embed_gradient",
          manager.create(new long[] {2, 0, 2, 2}),
          manager.create(new long[] {0, 1, 2, 3}),
          rows,
          Map.of("embedding.weight", table),
          1.0);
      assertThat(table.toFloatArray()).containsExactly(4, 5, 1, 1, 14, 17, 1, 1);
    }
  }

  @Test
  void small_numbers_stay_on_the_cpu() {
    try (NDManager manager = engine().newBaseManager(TestDevice.get())) {
      assertThat(Kernels.onCpu(manager).getDevice()).isEqualTo(Device.cpu());
    }
  }
}
