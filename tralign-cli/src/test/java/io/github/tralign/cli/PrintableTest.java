package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 7, 8, 13, 27, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x202e,
        0x2060, 0x2066, 0x2069, 0xd800, 0xdfff, 0xfeff, 0xe0041
      })
  void what_cannot_be_seen_is_written_out(int c) {
    String text = new StringBuilder("a").appendCodePoint(c).append("b").toString();
    assertThat(Printable.of(text)).isEqualTo(String.format(Locale.ROOT, "a\\u%04xb", c));
  }

  @Test
  void what_can_be_seen_stays() {
    String text = "ä 日本 \ud83d\ude00 שלום\tx\n";
    assertThat(Printable.of(text)).isSameAs(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ud83d\udc69\u200d\ud83d\udcbb", // woman, joiner, laptop
        "\u2764\ufe0f\u200d\ud83d\udd25", // heart with selector, joiner, fire
        "\ud83d\udc4b\ud83c\udffd\u200d\u2642\ufe0f" // hand, skin, joiner, sign
      })
  void emoji_stay_joined_also_if_they_come_in_parts(String emoji) {
    assertThat(Printable.of(emoji)).isEqualTo(emoji);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Printer printer = Printer.on(out);
    WrappedText wrapped = new WrappedText(20);
    emoji
        .codePoints()
        .mapToObj(Character::toString)
        .forEach(
            part -> {
              printer.print(part);
              wrapped.add(part);
            });
    wrapped.end();
    assertThat(out.toString(UTF_8)).isEqualTo(emoji);
    assertThat(wrapped.lines()).containsExactly(emoji);
  }

  @Test
  void a_joiner_elsewhere_is_written_out() {
    assertThat(Printable.of("\u200da\u200d\ud83d\ude00\u200d\u200d"))
        .isEqualTo("\\u200da\\u200d\ud83d\ude00\u200d\\u200d");
  }

  @Test
  void every_way_to_print_text_is_covered_and_bytes_stay() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Printer printer = Printer.on(out);
    String bad = "\u001b";
    printer.print(bad);
    printer.println(bad);
    printer.print((Object) bad);
    printer.println((Object) bad);
    printer.print('\u001b');
    printer.print(bad.toCharArray());
    printer.println(bad.toCharArray());
    printer.printf(Locale.ROOT, "%s", bad);
    printer.format(Locale.ROOT, bad);
    printer.append(bad).append('\u001b').append(bad, 0, 1);
    assertThat(out.toString(UTF_8)).doesNotContain(bad).hasLineCount(4);
    assertThat(out.toString(UTF_8).split("u001b", -1)).hasSize(13);
    printer.write(27);
    assertThat(out.toString(UTF_8)).endsWith(bad);
  }

  @Test
  void no_name_in_a_message_begins_a_line() {
    assertThat(Printable.message("no file 'a\ntralign: done'\n"))
        .isEqualTo("no file 'a\n  tralign: done'");
  }
}
