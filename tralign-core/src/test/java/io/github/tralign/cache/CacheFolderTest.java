package io.github.tralign.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableIntArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {

  private static final CacheKey KEY = new CacheKey("test").with("part", 1);
  private static final String LONG_TEXT = "ä€😀".repeat(50_000);

  @TempDir private Path folder;
  private final List<String> notices = new ArrayList<>();

  @Test
  void what_was_written_is_read_in_the_same_order() throws IOException {
    cache().write("kind", KEY, CacheFolderTest::write);

    try (CacheReader in = cache().read("kind", KEY).orElseThrow()) {
      assertThat(in.getInt()).isEqualTo(-7);
      assertThat(in.getText()).isEqualTo(LONG_TEXT);
      assertThat(in.getDouble()).isEqualTo(-0.0);
      assertThat(in.getInts()).isEqualTo(ImmutableIntArray.of(3, 2, 1));
      assertThat(in.getDoubles()).containsExactly(Double.MIN_VALUE, Double.NaN);
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void another_kind_or_another_part_is_another_file() {
    cache().write("kind", KEY, CacheFolderTest::write);

    assertThat(cache().read("other", KEY)).isEmpty();
    assertThat(cache().read("kind", new CacheKey("test").with("part", 2))).isEmpty();
    assertThat(cache().read("kind", new CacheKey("test").with("par", "t1"))).isEmpty();
    assertThat(notices).isEmpty();
  }

  @Test
  void each_changed_byte_and_each_cut_is_found() throws IOException {
    cache().write("kind", KEY, out -> out.putText("small"));
    Path file = file();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) (1 << (i % 8));
      Files.write(file, damaged);
      assertThat(cache().read("kind", KEY)).as("byte %d", i).isEmpty();
      Files.write(file, java.util.Arrays.copyOf(whole, i));
      assertThat(cache().read("kind", KEY)).as("cut after %d bytes", i).isEmpty();
    }
    assertThat(notices)
        .hasSize(2 * whole.length)
        .allMatch(it -> it.endsWith("; it will be created again"));
    Files.write(file, whole);
    assertThat(cache().read("kind", KEY)).isPresent();
  }

  @Test
  void random_damage_to_a_large_file_is_found() throws IOException {
    cache().write("kind", KEY, CacheFolderTest::write);
    Path file = file();
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      byte[] damaged = whole.clone();
      int from = random.nextInt(whole.length);
      for (int j = from; j < Math.min(whole.length, from + 1 + random.nextInt(64)); j++) {
        damaged[j] = (byte) ~damaged[j];
      }
      Files.write(file, damaged);
      assertThat(cache().read("kind", KEY)).isEmpty();
    }
  }

  @Test
  void a_file_under_another_keys_name_is_not_taken_for_its_content() throws IOException {
    CacheKey other = new CacheKey("test").with("part", 2);
    cache().write("kind", KEY, CacheFolderTest::write);
    Files.move(file(), folder.resolve("kind-" + other.hex() + ".cache"));

    assertThat(cache().read("kind", other)).isEmpty();
    assertThat(notices).singleElement().asString().contains("key differs from its name");
  }

  @Test
  void what_fails_while_it_is_written_leaves_nothing_behind() throws IOException {
    cache()
        .write(
            "kind",
            KEY,
            out -> {
              out.putText(LONG_TEXT);
              throw new IOException("no space left");
            });

    assertThat(Files.list(folder)).isEmpty();
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("the result is not cached")
        .contains("space");
    assertThatThrownBy(
            () ->
                cache()
                    .write(
                        "kind",
                        KEY,
                        out -> {
                          throw new IllegalStateException("a bug");
                        }))
        .hasMessage("a bug");
    assertThat(Files.list(folder)).isEmpty();
  }

  @Test
  void a_folder_that_cannot_be_is_reported() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    CacheFolder none = CacheFolder.at(file.resolve("below"), notices::add);

    none.write("kind", KEY, CacheFolderTest::write);
    assertThat(none.read("kind", KEY)).isEmpty();
    assertThat(notices).isNotEmpty();
  }

  private static void write(CacheWriter out) throws IOException {
    out.putInt(-7);
    out.putText(LONG_TEXT);
    out.putDouble(-0.0);
    out.putInts(ImmutableIntArray.of(3, 2, 1));
    out.putDoubles(new double[] {Double.MIN_VALUE, Double.NaN});
  }

  private CacheFolder cache() {
    return CacheFolder.at(folder, notices::add);
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }
}
