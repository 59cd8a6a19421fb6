package io.github.tralign.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import com.jerolba.carpet.CarpetWriter;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files are read without what only their writer needs, as they are by users of this module. */
class ReadingAloneTest {

  /** The artifacts in the scope "test" of the module, and what they bring. */
  private static final List<String> OF_THE_WRITER =
      List.of(
          "carpet-record",
          "hadoop-shaded-guava",
          "woodstox-core",
          "stax2-api",
          "commons-collections",
          "commons-pool",
          "parquet-variant",
          "snappy-java");

  public record Pair(String prompt, List<String> chosen) {}

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
  void a_file_is_read_on_the_class_path_of_users(CompressionCodecName codec) throws Exception {
    Path file = folder.resolve("pairs.parquet");
    try (CarpetWriter<Pair> writer =
        new CarpetWriter.Builder<>(Files.newOutputStream(file), Pair.class)
            .withCompressionCodec(codec)
            .build()) {
      for (int i = 0; i < 100; i++) {
        writer.write(new Pair("a prompt", List.of("a", "number " + i)));
      }
    }
    try (URLClassLoader alone = withoutTheWriter()) {
      assertThatThrownBy(() -> alone.loadClass(CarpetWriter.class.getName()))
          .isInstanceOf(ClassNotFoundException.class);
      Class<?> records = alone.loadClass("io.github.tralign.data.source.RecordFiles");
      Class<?> readers = alone.loadClass("io.github.tralign.data.source.RecordReader");
      Class<?> record = alone.loadClass("io.github.tralign.data.source.DataRecord");
      Thread.currentThread().setContextClassLoader(alone); // where formats are looked for
      try (AutoCloseable reader =
          (AutoCloseable) records.getMethod("open", Path.class).invoke(null, file)) {
        for (int i = 0; i < 100; i++) {
          Object row = readers.getMethod("next").invoke(reader);
          assertThat(record.getMethod("fields").invoke(row))
              .hasToString("{\"prompt\":\"a prompt\",\"chosen\":[\"a\",\"number " + i + "\"]}");
        }
        assertThat(readers.getMethod("next").invoke(reader)).isNull();
      } finally {
        Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
      }
    }
  }

  private static URLClassLoader withoutTheWriter() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String path :
        Splitter.on(File.pathSeparatorChar).split(System.getProperty("java.class.path"))) {
      String name = new File(path).getName();
      if (OF_THE_WRITER.stream().noneMatch(name::startsWith)) {
        urls.add(new File(path).toURI().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
