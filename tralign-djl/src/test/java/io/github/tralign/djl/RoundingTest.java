package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.Dtype;
import io.github.tralign.djl.huggingface.SafetensorsWriter;
import io.github.tralign.djl.huggingface.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundingTest {

  private static final TensorSource ONES = tensor(1, 1, 1, 1);

  /** Of these, one is as before and one is another number in bf16; in fp16 two are. */
  private static final TensorSource MOVED = tensor(1, 1 + 0x1p-12f, 1 + 0x1p-10f, 1 + 0x1p-7f);

  @TempDir private Path folder;

  @BeforeEach
  void write_the_model_that_is_read() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"),
        Map.of("a", ONES.as(Dtype.BF16), "b", ONES.as(Dtype.F16), "c", ONES));
  }

  @Test
  void changes_that_16_bits_lose_are_counted() {
    assertThat(Rounding.of(Map.of("a", MOVED.as(Dtype.BF16), "c", MOVED), folder))
        .isEqualTo(new Rounding("bf16", 3, 2));
    assertThat(Rounding.of(Map.of("b", MOVED.as(Dtype.F16)), folder))
        .isEqualTo(new Rounding("fp16", 3, 1));
    assertThat(
            Rounding.of(
                ImmutableMap.of("b", MOVED.as(Dtype.F16), "a", ONES.as(Dtype.BF16)), folder))
        .isEqualTo(new Rounding("fp16 and bf16", 3, 1));
  }

  @Test
  void what_was_read_in_fp32_is_compared_as_if_it_had_been_rounded() {
    TensorSource third = tensor(1 / 3f);
    SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of("a", third));
    TensorSource next = tensor(Math.nextUp(1 / 3f)).as(Dtype.BF16);
    assertThat(Rounding.of(Map.of("a", next), folder)).isEqualTo(new Rounding("bf16", 1, 1));
  }

  @Test
  void nothing_is_lost_in_fp32() throws IOException {
    Files.delete(folder.resolve("model.safetensors")); // which is not read then
    assertThat(Rounding.of(Map.of("a", MOVED), folder)).isEqualTo(Rounding.NONE);
    assertThat(Rounding.NONE.share()).isZero();
    assertThat(new Rounding("bf16", 4, 3).share()).isEqualTo(0.75);
  }

  @Test
  void a_model_that_is_gone_is_an_error() throws IOException {
    Files.delete(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> Rounding.of(Map.of("a", MOVED.as(Dtype.BF16)), folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("has no weights");
  }

  @Test
  void a_policy_compares_with_the_folder_it_was_loaded_from() {
    try (DjlPolicy plain = Golden.on(Golden.path("llama")).load()) {
      assertThat(plain.rounding(SaveDtype.BF16)).isEqualTo(new Rounding("bf16", 0, 0));
      assertThat(plain.rounding(SaveDtype.SOURCE)).isEqualTo(Rounding.NONE);
    }
    Path adapter = Golden.path("adapters/plain");
    try (DjlPolicy merged = Golden.on(Golden.path("llama")).mergeAdapter(adapter).load()) {
      Rounding rounding = merged.rounding(SaveDtype.BF16);
      assertThat(rounding.changed()).isPositive();
      assertThat(rounding.share()).isBetween(0.0, 0.5);
    }
    try (DjlPolicy trained = Golden.on(Golden.path("llama")).adapter(adapter).load()) {
      assertThat(trained.rounding(SaveDtype.BF16)).isEqualTo(Rounding.NONE);
    }
  }

  private static TensorSource tensor(float... values) {
    return TensorSource.of(new long[] {values.length}, values);
  }
}
