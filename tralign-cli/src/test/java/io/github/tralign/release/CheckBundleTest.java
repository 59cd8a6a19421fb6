package io.github.tralign.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckBundleTest {

  @SuppressWarnings("deprecation") // Maven Central asks for them
  private static final Map<String, HashFunction> CHECKSUMS =
      Map.of(
          "md5", Hashing.md5(),
          "sha1", Hashing.sha1(),
          "sha256", Hashing.sha256(),
          "sha512", Hashing.sha512());

  private static final String POM =
      """
      <project>
        <groupId>io.github.tralign</groupId><artifactId>%s</artifactId><version>0.9.0</version>
        <packaging>%s</packaging>
        <name>n</name><description>d</description><url>u</url>
        <licenses><license><name>Apache-2.0</name><url>u</url></license></licenses>
        <developers><developer><name>n</name></developer></developers>
        <scm><connection>c</connection><developerConnection>c</developerConnection><url>u</url></scm>
        %s
      </project>
      """;
  private static final String CORE =
      "<dependency><groupId>io.github.tralign</groupId><artifactId>tralign-core</artifactId>"
          + "<version>0.9.0</version></dependency>";

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = files.getPath("/bundle");
  private final Path core = root.resolve("io/github/tralign/tralign-core/0.9.0");

  @BeforeEach
  void make_a_complete_bundle() throws IOException {
    String managed =
        "<dependencyManagement><dependencies>" + CORE + "</dependencies></dependencyManagement>";
    Path bom = root.resolve("io/github/tralign/tralign-bom/0.9.0");
    write(bom.resolve("tralign-bom-0.9.0.pom"), POM.formatted("tralign-bom", "pom", managed));
    write(bom.resolve("tralign-bom-0.9.0-cyclonedx.json"), "{}");
    write(bom.resolve("tralign-bom-0.9.0-cyclonedx.xml"), "<bom/>");
    write(pom(), POM.formatted("tralign-core", "jar", ""));
    write(file("-cyclonedx.json"), "{}");
    write(file("-cyclonedx.xml"), "<bom/>");
    write(file(".jar"), jar("META-INF/LICENSE", "META-INF/NOTICE", "module-info.class"));
    write(file("-sources.jar"), jar("META-INF/LICENSE", "META-INF/NOTICE", "TR.java"));
    write(file("-javadoc.jar"), jar("META-INF/LICENSE", "META-INF/NOTICE", "index.html"));
  }

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  @Test
  void a_complete_bundle_has_no_faults() {
    assertThat(faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json"})
  void a_missing_file_is_a_fault(String ending) throws IOException {
    Files.delete(file(ending));
    assertThat(faults()).anyMatch(it -> it.equals(file(ending) + ": is missing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"md5", "sha1", "sha256", "sha512"})
  void a_checksum_of_something_else_is_a_fault(String ending) throws IOException {
    Path checksum = file(".jar." + ending);
    Files.writeString(checksum, Files.readString(file(".pom." + ending)));
    assertThat(faults()).containsExactly(checksum + ": is not that of the file");
    Files.delete(checksum);
    assertThat(faults()).containsExactly(checksum + ": is missing");
  }

  @Test
  void a_signature_of_something_else_is_a_fault() throws IOException {
    Path signature = file("-sources.jar.asc");
    Files.writeString(signature, Files.readString(file(".jar.asc")));
    assertThat(faults()).containsExactly(signature + ": is not a valid signature");
    Files.delete(signature);
    assertThat(faults()).containsExactly(file("-sources.jar") + ": is not signed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "description",
        "url",
        "licenses/license/name",
        "developers/developer/name",
        "scm/connection"
      })
  void a_pom_without_what_central_asks_for_is_a_fault(String path) throws IOException {
    String tag = path.substring(path.lastIndexOf('/') + 1);
    String pom = Files.readString(pom());
    int from = path.contains("/") ? pom.indexOf(path.substring(0, path.indexOf('/'))) : 0;
    String rest = pom.substring(from).replaceFirst("<" + tag + ">[^<]+</" + tag + ">", "");
    write(pom(), pom.substring(0, from) + rest);
    assertThat(faults()).containsExactly(pom() + ": has no " + path);
  }

  @Test
  void a_dependency_on_a_snapshot_or_on_what_is_not_published_is_a_fault() throws IOException {
    String dependencies = "<dependencies>" + CORE.replace("core", "none") + "</dependencies>";
    write(pom(), POM.formatted("tralign-core", "jar", dependencies));
    assertThat(faults()).containsExactly("tralign-none: is missing");
    write(pom(), POM.formatted("tralign-core", "jar", "<!-- 1-SNAPSHOT ${x} -->"));
    assertThat(faults())
        .containsExactly(pom() + ": names a snapshot", pom() + ": names a property");
    write(pom(), POM.formatted("tralign-core", "jar", "<parent/>"));
    assertThat(faults()).containsExactly(pom() + ": has a parent, which is not published");
  }

  @Test
  void what_does_not_belong_there_is_a_fault() throws IOException {
    Path tests = file("-tests.jar");
    write(tests, jar("x"));
    Path metadata = core.resolveSibling("maven-metadata.xml");
    Files.writeString(metadata, "<metadata/>");
    assertThat(faults())
        .contains(
            tests + ": does not belong into the bundle",
            "io/github/tralign/tralign-core: is not the folder of an artifact's version");
  }

  @Test
  void an_artifact_that_the_bom_does_not_name_is_a_fault() throws IOException {
    Path pom = root.resolve("io/github/tralign/tralign-examples/0.9.0/tralign-examples-0.9.0.pom");
    write(pom, POM.formatted("tralign-examples", "jar", ""));
    assertThat(faults())
        .contains(
            "tralign-examples: is not in the BOM",
            pom.resolveSibling("tralign-examples-0.9.0-sources.jar") + ": is missing");
  }

  @Test
  void a_jar_without_licence_module_or_content_is_a_fault() throws IOException {
    write(file(".jar"), jar("META-INF/NOTICE", "A.class"));
    write(file("-sources.jar"), jar("META-INF/LICENSE", "META-INF/NOTICE"));
    assertThat(faults())
        .containsExactlyInAnyOrder(
            file(".jar") + ": has no META-INF/LICENSE",
            file(".jar") + ": is not a module",
            file("-sources.jar") + ": is empty");
  }

  private Iterable<String> faults() {
    try {
      return CheckBundle.faults(root, CheckBundleTest::signed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In place of gpg: a signature is the file's hash. */
  private static boolean signed(Path file, Path signature) {
    try {
      return Files.readString(signature).equals(hash(file, Hashing.sha256()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path pom() {
    return file(".pom");
  }

  private Path file(String ending) {
    return core.resolve("tralign-core-0.9.0" + ending);
  }

  private static void write(Path file, String content) throws IOException {
    write(file, content.getBytes(UTF_8));
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.writeString(
        file.resolveSibling(file.getFileName() + ".asc"), hash(file, Hashing.sha256()));
    for (Map.Entry<String, HashFunction> checksum : CHECKSUMS.entrySet()) {
      String name = file.getFileName() + "." + checksum.getKey();
      Files.writeString(file.resolveSibling(name), hash(file, checksum.getValue()));
    }
  }

  private static String hash(Path file, HashFunction function) throws IOException {
    return MoreFiles.asByteSource(file).hash(function).toString();
  }

  private static byte[] jar(String... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream jar = new ZipOutputStream(bytes)) {
      for (String entry : entries) {
        jar.putNextEntry(new ZipEntry(entry));
      }
    }
    return bytes.toByteArray();
  }
}
