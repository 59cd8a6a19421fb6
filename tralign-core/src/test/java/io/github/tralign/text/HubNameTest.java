package io.github.tralign.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HubNameTest {

  @Test
  void an_owner_and_a_name_have_the_command_that_downloads_them() {
    assertThat(HubName.modelHint(Path.of("Qwen", "Qwen3-0.6B")))
        .endsWith(": hf download Qwen/Qwen3-0.6B --local-dir Qwen3-0.6B");
    assertThat(HubName.dataHint(Path.of("owner", "pairs")))
        .endsWith(": hf download owner/pairs --repo-type dataset --local-dir pairs");
  }

  @Test
  void a_path_is_no_name() {
    for (String path :
        new String[] {"name", "/owner/name", "a/b/c", "src/name", "../name", "a/b c"}) {
      assertThat(HubName.modelHint(Path.of(path))).as(path).isEmpty();
    }
  }
}
