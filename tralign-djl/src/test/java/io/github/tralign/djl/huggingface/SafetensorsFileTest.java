package io.github.tralign.djl.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void every_readable_type_becomes_fp32() {
    assertThat(read("F32", 2, "0000803f 000000c0")).containsExactly(1f, -2f);
    assertThat(read("BF16", 2, "803f 00c0")).containsExactly(1f, -2f);
    assertThat(read("F16", 2, "003c 00c0")).containsExactly(1f, -2f);
    assertThat(read("F64", 2, "000000000000f03f 00000000000000c0")).containsExactly(1f, -2f);
  }

  @Test
  void a_double_is_rounded_to_the_nearest_float() {
    byte[] data =
        ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putDouble(0.1)
            .putDouble(1e300)
            .putDouble(Double.NaN)
            .array();
    assertThat(read("F64", 3, HexFormat.of().formatHex(data)))
        .containsExactly(0.1f, Float.POSITIVE_INFINITY, Float.NaN);
  }

  @Test
  void other_types_may_be_in_the_file_but_are_not_read() {
    try (SafetensorsFile file = open("I64", 1, "0100000000000000")) {
      assertThat(file.tensors().get("t").dtype()).isEqualTo(Dtype.I64);
      assertThatThrownBy(() -> file.readFloat32("t"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              file.path()
                  + ": tensor 't': is of type I64; only F32, BF16, F16 and F64 can be read as"
                  + " fp32");
    }
  }

  @Test
  void the_buffer_of_a_tensor_is_direct_and_little_endian() {
    try (SafetensorsFile file = open("BF16", 2, "803f 00c0")) {
      ByteBuffer values = file.readFloat32("t");
      assertThat(values.isDirect()).isTrue();
      assertThat(values.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat(values.remaining()).isEqualTo(8);
    }
  }

  @Test
  void an_unknown_tensor_is_refused_by_name() {
    try (SafetensorsFile file = open("F32", 0, "")) {
      assertThatThrownBy(() -> file.readFloat32("u"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageEndingWith("has no tensor 'u'");
    }
  }

  @Test
  void a_part_outside_the_tensor_is_a_mistake_of_the_caller() {
    try (SafetensorsFile file = open("F32", 2, "0000803f 000000c0")) {
      for (long first : new long[] {-1, 1, 2, Long.MAX_VALUE}) {
        assertThatThrownBy(() -> file.readFloat32("t", first, FloatBuffer.allocate(2)))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void tensors_of_more_than_two_gibibytes_are_read_in_parts() throws IOException {
    long elements = (1L << 29) + 3;
    String header =
        """
        {"big":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]},\
        "small":{"dtype":"F32","shape":[],"data_offsets":[%d,%d]}}\
        """
            .formatted(elements, elements * 4, elements * 4, elements * 4 + 4);
    byte[] start = TestFiles.safetensors(header, new byte[0]);
    Path path = folder.resolve("sparse.safetensors");
    ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(start));
      channel.write(end.putFloat(5f).putFloat(7f).flip(), start.length + (elements - 1) * 4);
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      float[] last = new float[2];
      file.readFloat32("big", elements - 2, FloatBuffer.wrap(last));
      assertThat(last).containsExactly(0f, 5f);
      assertThat(TestFiles.floats(file.readFloat32("small"))).containsExactly(7f);
      assertThatThrownBy(() -> file.readFloat32("big"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("more than fit in one buffer");
    }
  }

  @Test
  void reading_leaves_nothing_mapped() throws IOException {
    try (SafetensorsFile file = open("F16", 2, "003c 00c0")) {
      file.readFloat32("t");
      Path maps = Path.of("/proc/self/maps"); // only Linux tells
      String mapped = Files.exists(maps) ? Files.readString(maps) : "";
      assertThat(mapped).doesNotContain(file.path().toRealPath().toString());
    }
  }

  @Test
  void a_file_that_is_not_there_or_no_file_is_refused() throws IOException {
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(folder.resolve("none") + ": no such file");
    Path directory = Files.createDirectory(folder.resolve("directory"));
    assertThatThrownBy(() -> SafetensorsFile.open(directory))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(directory + ": is not a file");
  }

  private float[] read(String dtype, int elements, String hex) {
    try (SafetensorsFile file = open(dtype, elements, hex)) {
      return TestFiles.floats(file.readFloat32("t"));
    }
  }

  private SafetensorsFile open(String dtype, int elements, String hex) {
    byte[] data = HexFormat.of().parseHex(hex.replace(" ", ""));
    String header =
        "{\"t\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(dtype, elements, data.length);
    return SafetensorsFile.open(
        TestFiles.write(
            folder.resolve(dtype + elements + ".safetensors"),
            TestFiles.safetensors(header, data)));
  }
}
