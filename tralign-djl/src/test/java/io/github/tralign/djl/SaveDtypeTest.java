package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.Dtype;
import io.github.tralign.djl.huggingface.SafetensorsWriter;
import io.github.tralign.djl.huggingface.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaveDtypeTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"FP32, F32, float32", "BF16, BF16, bfloat16", "FP16, F16, float16"})
  void all_weights_are_saved_in_the_type_that_is_asked_for(SaveDtype as, Dtype stored, String name)
      throws IOException {
    Path saved = folder.resolve("saved");
    try (DjlPolicy policy = Golden.on(Golden.path("llama")).saveDtype(as).load()) {
      policy.save(saved);
    }
    try (CheckpointFolder read = CheckpointFolder.open(saved)) {
      assertThat(read.tensors().values()).isNotEmpty().allMatch(it -> it.dtype() == stored);
      assertThat(read.config().json().path("dtype").asText()).isEqualTo(name);
    }
    try (DjlPolicy again = Golden.on(saved).load();
        DjlPolicy source = Golden.on(Golden.path("llama")).load()) {
      String largest = "model.embed_tokens.weight";
      double[] kept = again.values(largest);
      double[] exact = source.values(largest);
      double allowed = as == SaveDtype.FP32 ? 0 : as == SaveDtype.BF16 ? 0x1p-8 : 0x1p-11;
      for (int i = 0; i < kept.length; i++) {
        assertThat(Math.abs(kept[i] - exact[i]))
            .isLessThanOrEqualTo(allowed * Math.abs(exact[i]) + 0x1p-25);
      }
      assertThat(Arrays.equals(kept, exact)).isEqualTo(as == SaveDtype.FP32);
    }
  }

  @Test
  void by_default_each_tensor_keeps_the_type_in_which_it_was_read() throws IOException {
    Path mixed = Files.createDirectory(folder.resolve("mixed"));
    Map<String, TensorSource> tensors = new TreeMap<>();
    try (CheckpointFolder source = CheckpointFolder.open(Golden.path("llama"))) {
      source
          .tensors()
          .forEach(
              (name, info) -> {
                float[] values = new float[(int) info.elements()];
                source.readFloat32(name).asFloatBuffer().get(values);
                Dtype type = name.contains("norm") ? Dtype.F32 : Dtype.BF16;
                tensors.put(name, TensorSource.of(info.shape(), values).as(type));
              });
    }
    SafetensorsWriter.write(mixed.resolve("model.safetensors"), tensors);
    Files.copy(Golden.path("llama/config.json"), mixed.resolve("config.json"));
    Path saved = folder.resolve("saved");
    try (DjlPolicy policy = Golden.on(mixed).load()) {
      policy.save(saved);
    }
    assertThat(saved.resolve("model.safetensors"))
        .hasSameBinaryContentAs(mixed.resolve("model.safetensors"));
    assertThat(saved.resolve("config.json")).content().contains("\"dtype\": \"bfloat16\"");
  }

  @Test
  void what_was_read_in_64_bits_is_saved_in_32() {
    assertThat(SaveDtype.SOURCE.of(Dtype.F64)).isEqualTo(Dtype.F32);
    assertThat(SaveDtype.SOURCE.of(Dtype.F16)).isEqualTo(Dtype.F16);
    assertThat(SaveDtype.SOURCE).hasToString("source");
  }
}
