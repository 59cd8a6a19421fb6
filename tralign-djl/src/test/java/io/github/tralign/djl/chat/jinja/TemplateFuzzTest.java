package io.github.tralign.djl.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TemplateFuzzTest {

  /** That a rendering may allocate for each unit that it pays. */
  private static final long BYTES_PER_UNIT = 40;

  @Test
  void what_a_template_allocates_is_paid_for() {
    HostileTemplates.render(HostileTemplates.template(0)); // loads the classes
    for (long seed = 0; seed < 40; seed++) {
      String template = HostileTemplates.template(seed);
      HostileTemplates.Cost cost = HostileTemplates.render(template);

      assertThat(cost.units()).as(template).isLessThanOrEqualTo(cost.limit());
      assertThat(cost.bytes())
          .as(template)
          .isLessThanOrEqualTo(1_000_000 + BYTES_PER_UNIT * cost.units());
    }
  }

  @Test
  @Tag("nightly")
  void hostile_templates_leave_a_small_process_alive() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                HostileTemplates.class.getName(),
                "1000000",
                "20000")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
  }
}
