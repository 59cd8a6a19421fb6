package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/options.md} is what the commands say; with -Dtralign.write it is written anew. */
class OptionsPageTest {

  private static final Path PAGE = Pages.DOCS.resolve("options.md");

  @Test
  void the_page_has_the_options_of_the_code() throws IOException {
    String text = OptionsPage.text();
    assertThat(text)
        .contains("| `--policy DIR` |", "## Only in fetch", "`experiment real`")
        .doesNotContain("${", "@|", "%n", "%%");
    if (System.getProperty("tralign.write") != null) {
      Files.writeString(PAGE, text);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/options.md is not what the code says. To write it: ./mvnw -pl tralign-cli -am test"
                + " -Dtest=OptionsPageTest -Dtralign.write -Dsurefire.failIfNoSpecifiedTests=false")
        .isEqualTo(text);
  }
}
