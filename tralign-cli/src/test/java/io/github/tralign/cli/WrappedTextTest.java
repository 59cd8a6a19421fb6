package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WrappedTextTest {

  @Test
  void text_is_wrapped_at_blanks_and_long_words_are_cut() {
    WrappedText text = new WrappedText(6);
    text.add("one tw");
    text.add("o three\n\nabcdefghi");
    text.end();
    assertThat(text.lines()).containsExactly("one", "two", "three", "", "abcdef", "ghi");
  }

  @Test
  void wide_characters_take_two_columns_and_marks_none() {
    assertThat(WrappedText.width("日本")).isEqualTo(4);
    assertThat(WrappedText.width("e\u0301🤖")).isEqualTo(3);
    WrappedText text = new WrappedText(5);
    text.add("日本語");
    text.end();
    assertThat(text.lines()).containsExactly("日本", "語");
  }

  @Test
  void what_would_move_the_cursor_is_written_out() {
    WrappedText text = new WrappedText(80);
    text.add("a\u001b[2Jb\tc");
    text.end();
    assertThat(text.lines()).containsExactly("a\\u001b[2Jb    c");
  }

  @Test
  void a_line_of_columns_is_written_when_it_is_complete_in_all() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SideBySide columns = new SideBySide(Printer.on(bytes), 2, 18); // 7 each
    columns.add(0, "one two three");
    assertThat(bytes.size()).isZero();
    columns.add(1, "a\nb");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("one two │ a\n");
    columns.end(1);
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("one two │ a\n");
    columns.add(0, " four");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("one two │ a\nthree   │ b\n");
    columns.end(0);
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("one two │ a\nthree   │ b\nfour    │\n");
  }
}
