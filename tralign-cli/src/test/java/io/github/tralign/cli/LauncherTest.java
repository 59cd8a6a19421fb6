package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/tralign} of the archive, with a Java that only shows how it is started. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

  @TempDir private Path folder;
  private Path launcher;

  @BeforeEach
  void install() throws IOException {
    launcher = folder.resolve("tralign-1/bin/tralign");
    Files.createDirectories(launcher.getParent());
    Files.copy(Path.of("src/main/dist/bin/tralign"), launcher);
    java(String.valueOf(17));
  }

  private void java(String version) throws IOException {
    Path java = folder.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(
        java,
        "#!/bin/sh\nif [ \"$1\" = -XshowSettings:properties ]; then\n  echo '    java.home = jdk'\n"
            + "  echo '    java.specification.version = "
            + version
            + "'\n  exit\nfi\necho \"$MALLOC_ARENA_MAX $OPT_OUT_TRACKING $LC_ALL\"\n"
            + "for word; do echo \"$word\"; done\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  private String start(Path program, String path, String... words)
      throws IOException, InterruptedException {
    String[] command = new String[words.length + 1];
    command[0] = program.toString();
    System.arraycopy(words, 0, command, 1, words.length);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(it -> it.matches("MALLOC_.*|LC_.*|LANG|OPT_.*"));
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().put("PATH", path);
    builder.environment().put("TRALIGN_JAVA_OPTS", "-Xmx4g -Da=b");
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return out;
  }

  @Test
  void java_gets_the_jar_beside_the_launcher_and_the_settings_of_the_allocator() throws Exception {
    assertThat(start(launcher, System.getenv("PATH"), "train", "two words").lines())
        .startsWith("1 true C.UTF-8", "-XX:+UseSerialGC")
        .contains("-Dtralign.command=" + launcher, "-Xmx4g", "-Da=b")
        .endsWith(
            "-jar",
            folder.toRealPath().resolve("tralign-1/bin") + "/../tralign.jar",
            "train",
            "two words");
  }

  @Test
  void through_a_link_on_the_path_it_is_shown_by_its_name() throws Exception {
    Path link = Files.createDirectories(folder.resolve("links")).resolve("tralign");
    Files.createSymbolicLink(link, Path.of("../tralign-1/bin/tralign"));
    assertThat(start(link, folder.resolve("links") + ":" + System.getenv("PATH")).lines())
        .contains("-Dtralign.command=tralign")
        .contains(folder.toRealPath().resolve("tralign-1/bin") + "/../tralign.jar");
  }

  @Test
  void an_old_java_is_refused() throws Exception {
    java(String.valueOf(11));
    assertThat(start(launcher, folder.resolve("jdk/bin") + ":" + System.getenv("PATH")))
        .contains(
            "tralign: needs Java 17 or later", folder.resolve("jdk/bin/java") + " is Java 11");
  }
}
