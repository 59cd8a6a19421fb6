package io.github.tralign.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code tools/release/version.sh} changes what these tests look at. */
class VersionTest {

  private static final Path ROOT = Path.of("..");

  /** A version after the name of one of tralign's artifacts, be it in XML or after a colon. */
  private static final Pattern NAMED =
      Pattern.compile(
          "<artifactId>tralign-[a-z]+</artifactId>\\s*<version>([^<$]+)</version>"
              + "|io\\.github\\.tralign:tralign-[a-z]+:(\\d[\\w.-]*)");

  @Test
  void all_poms_and_pages_name_one_version() throws IOException {
    Set<String> versions = new TreeSet<>();
    int poms = 0;
    for (Path file : named()) {
      Matcher version = NAMED.matcher(Files.readString(file));
      boolean found = false;
      while (version.find()) {
        found = true;
        versions.add(version.group(1) == null ? version.group(2) : version.group(1));
      }
      if (file.endsWith("pom.xml")) {
        assertThat(found).as(file.toString()).isTrue();
        poms++;
      }
    }
    assertThat(poms).isGreaterThan(10);
    assertThat(versions).hasSize(1);
    assertThat(Files.readString(ROOT.resolve("docs/java.md"))).containsPattern(NAMED);
  }

  private static List<Path> named() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT);
        Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
      Stream<Path> poms = folders.map(it -> it.resolve("pom.xml")).filter(Files::exists);
      Stream<Path> others =
          Stream.of(
                  "pom.xml",
                  "README.md",
                  "tools/consumer/pom.xml",
                  "tralign-examples/jbang/Align.java",
                  "tralign-examples/notebook/tr-dpo.ipynb")
              .map(ROOT::resolve);
      return Stream.of(poms, others, pages.filter(it -> it.toString().endsWith(".md")))
          .flatMap(it -> it)
          .toList();
    }
  }
}
