package io.github.tralign.djl.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir Path folder;

  @Test
  void a_file_is_exactly_these_bytes() {
    Path file = folder.resolve("m.safetensors");
    SafetensorsWriter.write(file, Map.of("w", TensorSource.of(new long[] {1, 2}, floats(1, -2))));
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    String padded = header + " ".repeat(-header.length() & 7);
    assertThat(padded.length() % 8).isZero();
    assertThat(TestFiles.bytes(file))
        .isEqualTo(TestFiles.safetensors(padded, new byte[] {0, 0, -128, 63, 0, 0, 0, -64}));
  }

  @Test
  void values_of_16_bits_are_rounded_and_said_to_be_so() {
    Path file = folder.resolve("m.safetensors");
    TensorSource source = TensorSource.of(new long[] {2}, floats(1.01f, -2));
    SafetensorsWriter.write(
        file, Map.of("a", source.as(Dtype.BF16), "b", source.as(Dtype.F16), "c", source));
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.tensors().values())
          .extracting(TensorInfo::dtype)
          .containsExactly(Dtype.BF16, Dtype.F16, Dtype.F32);
      assertThat(TestFiles.floats(read.readFloat32("a"))).containsExactly(1.0078125f, -2);
      assertThat(TestFiles.floats(read.readFloat32("b"))).containsExactly(1.0097656f, -2);
      assertThat(TestFiles.floats(read.readFloat32("c"))).containsExactly(1.01f, -2);
    }
  }

  @Test
  void a_number_that_is_too_large_for_16_bits_is_refused_by_name() {
    Path file = folder.resolve("m.safetensors");
    TensorSource source = TensorSource.of(new long[] {2}, floats(1, 70000));
    SafetensorsWriter.write(file, Map.of("w", source.as(Dtype.BF16)));
    byte[] before = TestFiles.bytes(file);
    assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of("w", source.as(Dtype.F16))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "the tensor 'w' has the value 70000.0, too large for the type F16; --save-dtype fp32 (SaveDtype.FP32) keeps it");
    assertThat(TestFiles.bytes(file)).isEqualTo(before);
    TensorSource largest = TensorSource.of(new long[] {1}, new float[] {Float.MAX_VALUE});
    assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of("w", largest.as(Dtype.BF16))))
        .hasMessageContaining("too large for the type BF16");
    assertThatThrownBy(() -> source.as(Dtype.F64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dtype is F64; expected F32, BF16 or F16");
  }

  @Test
  void the_values_are_asked_for_part_by_part() {
    long elements = (1 << 18) + 5;
    List<Long> asked = new ArrayList<>();
    TensorSource counting =
        TensorSource.of(
            new long[] {elements},
            (first, target) -> {
              asked.add(first);
              for (long i = first; target.hasRemaining(); i++) {
                target.put((float) i);
              }
            });
    Path file = folder.resolve("m.safetensors");
    SafetensorsWriter.write(file, Map.of("w", counting));
    assertThat(asked).containsExactly(0L, (long) (1 << 18));
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      float[] values = TestFiles.floats(read.readFloat32("w"));
      assertThat(values).hasSize((int) elements);
      assertThat(values[(int) elements - 1]).isEqualTo((float) (elements - 1));
    }
  }

  @Test
  void a_source_that_fails_leaves_the_old_file_and_no_temporary() {
    Path file = folder.resolve("m.safetensors");
    SafetensorsWriter.write(file, Map.of("w", TensorSource.of(new long[] {1}, floats(1))));
    byte[] before = TestFiles.bytes(file);
    IllegalStateException failure = new IllegalStateException("in the middle");
    TensorSource failing =
        TensorSource.of(
            new long[] {1 << 19},
            (first, target) -> {
              if (first > 0) {
                throw failure;
              }
              target.position(target.limit());
            });
    assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of("w", failing))).isSameAs(failure);
    assertThat(TestFiles.bytes(file)).isEqualTo(before);
    assertThat(TestFiles.names(folder)).containsExactly("m.safetensors");
  }

  @Test
  void a_source_that_gives_too_little_is_reported() {
    TensorSource lazy = TensorSource.of(new long[] {3}, (first, target) -> target.put(1f));
    assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("m"), Map.of("w", lazy)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the source of tensor 'w' returned 1 of 3 values from index 0");
    assertThat(TestFiles.names(folder)).isEmpty();
  }

  @Test
  void a_folder_that_is_not_there_is_reported() {
    Path file = folder.resolve("none").resolve("m.safetensors");
    assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(file + ": cannot be written: ");
  }

  @Test
  void impossible_tensors_are_mistakes_of_the_caller() {
    assertThatThrownBy(() -> TensorSource.of(new long[] {-1}, (first, target) -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TensorSource.of(new long[] {2}, floats(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape [2] needs 2 values, got 1");
    TensorSource scalar = TensorSource.of(new long[0], floats(1));
    assertThatThrownBy(
            () -> SafetensorsWriter.write(folder.resolve("m"), Map.of("__metadata__", scalar)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static float[] floats(float... values) {
    return values;
  }
}
