package io.github.tralign.djl.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SafetensorsRoundTripTest {

  @Property(tries = 100)
  void what_is_written_is_read_bit_for_bit(
      @ForAll("shapesByName") Map<String, List<Integer>> shapes, @ForAll long seed)
      throws IOException {
    Map<String, float[]> values = values(shapes, seed);
    TestFiles.inTemporaryFolder(
        folder -> {
          Path file = folder.resolve("model.safetensors");
          SafetensorsWriter.write(file, sources(shapes, values));
          try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.tensors().keySet()).isEqualTo(shapes.keySet());
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
            shapes.forEach(
                (name, shape) -> {
                  assertThat(read.tensors().get(name).shape()).isEqualTo(longs(shape));
                  assertThat(TestFiles.bits(TestFiles.floats(read.readFloat32(name))))
                      .isEqualTo(TestFiles.bits(values.get(name)));
                });
          }
        });
  }

  @Property(tries = 30)
  void the_order_in_which_tensors_are_given_does_not_change_a_byte(
      @ForAll("shapesByName") Map<String, List<Integer>> shapes, @ForAll long seed)
      throws IOException {
    Map<String, TensorSource> sources = sources(shapes, values(shapes, seed));
    Map<String, TensorSource> reversed = new LinkedHashMap<>();
    List<String> names = sources.keySet().stream().toList();
    for (int i = names.size() - 1; i >= 0; i--) {
      reversed.put(names.get(i), sources.get(names.get(i)));
    }
    TestFiles.inTemporaryFolder(
        folder -> {
          SafetensorsWriter.write(folder.resolve("a"), sources);
          SafetensorsWriter.write(folder.resolve("b"), reversed);
          assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
        });
  }

  @Property(tries = 50)
  void a_part_is_what_the_whole_has_there(
      @ForAll("shapesByName") Map<String, List<Integer>> shapes, @ForAll long seed)
      throws IOException {
    Map<String, float[]> values = values(shapes, seed);
    Random random = new Random(seed);
    TestFiles.inTemporaryFolder(
        folder -> {
          Path file = folder.resolve("model.safetensors");
          SafetensorsWriter.write(file, sources(shapes, values));
          try (SafetensorsFile read = SafetensorsFile.open(file)) {
            values.forEach(
                (name, whole) -> {
                  int from = random.nextInt(whole.length + 1);
                  int to = from + random.nextInt(whole.length - from + 1);
                  float[] part = new float[to - from];
                  read.readFloat32(name, from, FloatBuffer.wrap(part));
                  assertThat(TestFiles.bits(part))
                      .isEqualTo(TestFiles.bits(Arrays.copyOfRange(whole, from, to)));
                });
          }
        });
  }

  @Provide
  Arbitrary<Map<String, List<Integer>>> shapesByName() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withCharRange('\u0000', '\ud7ff')
            .alpha()
            .withChars("._\"\\/ é日")
            .ofMaxLength(12)
            .filter(name -> !name.equals("__metadata__"));
    Arbitrary<List<Integer>> shapes = Arbitraries.integers().between(0, 5).list().ofMaxSize(4);
    return Arbitraries.maps(names, shapes).ofMaxSize(6);
  }

  /** Random bit patterns, so that NaN with payloads, infinities and subnormals are among them. */
  private static Map<String, float[]> values(Map<String, List<Integer>> shapes, long seed) {
    Random random = new Random(seed);
    Map<String, float[]> values = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          float[] tensor = new float[shape.stream().reduce(1, (a, b) -> a * b)];
          for (int i = 0; i < tensor.length; i++) {
            int special = random.nextInt(4);
            tensor[i] =
                special == 0
                    ? List.of(Float.NaN, Float.NEGATIVE_INFINITY, -0f).get(random.nextInt(3))
                    : Float.intBitsToFloat(random.nextInt());
          }
          values.put(name, tensor);
        });
    return values;
  }

  private static Map<String, TensorSource> sources(
      Map<String, List<Integer>> shapes, Map<String, float[]> values) {
    Map<String, TensorSource> sources = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> sources.put(name, TensorSource.of(longs(shape), values.get(name))));
    return sources;
  }

  private static long[] longs(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).toArray();
  }
}
