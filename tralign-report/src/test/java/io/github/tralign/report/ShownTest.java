package io.github.tralign.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {

  @Test
  void characters_without_a_shape_are_shown_by_their_code() {
    assertThat(Shown.text("a\u202eb\u2066c\u2028d\u2029e\u0000f\u001b[31mg\u200bh\ufeff"))
        .isEqualTo("a\\u202eb\\u2066c\\u2028d\\u2029e\\u0000f\\u001b[31mg\\u200bh\\ufeff");
    assertThat(Shown.text("β σ(−βh) 語 \ud83d\ude42\n")).isEqualTo("β σ(−βh) 語 \ud83d\ude42\n");
    assertThat(Shown.text("a\ud83d")).isEqualTo("a\\ud83d");
  }

  @Test
  void markup_is_text_in_elements_and_in_attributes() {
    assertThat(Shown.html("</script>&\"'")).isEqualTo("&lt;/script&gt;&amp;&quot;&#39;");
  }

  @Test
  void names_are_broken_behind_separators_and_numbers_never() {
    assertThat(Shown.name("reference/weight_distance")).isEqualTo("reference/<wbr>weight_distance");
    assertThat(Shown.name("/tmp//<b>/")).isEqualTo("/<wbr>tmp//<wbr>&lt;b&gt;/");
    assertThat(Shown.name("-1.234e-05")).isEqualTo("-1.234e-05");
  }

  @Test
  void a_text_that_is_no_name_is_cut() {
    assertThat(Shown.text("x".repeat(5_000))).hasSize(4_020).endsWith("x… (5,000 characters)");
  }
}
