package io.github.tralign.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShellTest {

  @Test
  void a_word_is_quoted_where_a_shell_would_split_or_expand_it() {
    assertThat(Shell.word("runs/a-1.0")).isEqualTo("runs/a-1.0");
    assertThat(Shell.word("my run")).isEqualTo("'my run'");
    assertThat(Shell.word("it's")).isEqualTo("'it'\\''s'");
  }
}
