package io.github.tralign.djl.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {

  private static final Map<String, Object> VARIABLES =
      Map.of(
          "text", "false",
          "messages", List.of(Map.of("role", "user", "content", "a😀b")),
          "pairs", Map.of("k", Arrays.asList(1, null, 2.5)));

  @Test
  void a_text_is_true_whatever_it_says() {
    assertThat(render("{% if text %}{{ text }}{% endif %}")).isEqualTo("false");
  }

  @Test
  void texts_are_counted_and_cut_in_characters_as_python_does() {
    assertThat(render("{{ messages[0].content | length }}{{ messages[0].content[1] }}"))
        .isEqualTo("3😀");
  }

  @Test
  void a_template_keeps_its_line_ends_apart_from_the_last() {
    assertThat(render("a\r\nb\rc\n\n")).isEqualTo("a\nb\nc\n");
  }

  @Test
  void null_is_none_and_a_missing_name_is_not() {
    assertThat(render("{{ pairs.k }} {{ pairs.k[1] is none }} {{ pairs.x is none }}{{ pairs.x }}"))
        .isEqualTo("[1, None, 2.5] True False");
  }

  @Test
  void whole_numbers_beyond_64_bits_are_printed_and_compared_as_python_does() {
    BigInteger big = BigInteger.ONE.shiftLeft(64);
    Map<String, Object> variables = Map.of("n", big, "m", big.add(BigInteger.ZERO));
    String shown =
        JinjaTemplate.of(
                "{{ n }} {{ {n: [n]} | tojson }} {{ n | int }} {{ 1e20 | int }}"
                    + " {{ n is integer and n is number and n == m }}"
                    + " {{ n == 18446744073709551616.0 }}{% if n %} true{% endif %}")
            .render(new HashMap<>(variables), Map.of());
    assertThat(shown)
        .isEqualTo(
            "18446744073709551616 {\"18446744073709551616\": [18446744073709551616]}"
                + " 18446744073709551616 100000000000000000000 True True true");
    assertThatThrownBy(
            () -> JinjaTemplate.of("{{ n + 1 }}").render(new HashMap<>(variables), Map.of()))
        .hasMessageContaining("'+' does not work between an integer and an integer");
  }

  @Test
  void a_loop_and_a_block_set_keep_what_they_set_to_themselves() {
    assertThat(
            render(
                "{% set a = 1 %}{% for i in [1] %}{% set a = 2 %}{% endfor %}"
                    + "{% set b %}{% set a = 3 %}{{ a }}{% endset %}{{ a }}{{ b }}"))
        .isEqualTo("13");
  }

  @Test
  void what_jinja2_refuses_is_refused_with_the_line() {
    JinjaException fault =
        catchThrowableOfType(
            JinjaException.class, () -> render("a\n{% if true %}\n{{ 'a' + 1 }}{% endif %}"));

    assertThat(fault).hasMessage("'+' does not work between a string and an integer");
    assertThat(fault.line()).isEqualTo(3);
    assertThat(fault.isRaised()).isFalse();
  }

  @Test
  void what_the_template_raises_is_a_refusal() {
    JinjaException fault =
        catchThrowableOfType(
            JinjaException.class, () -> render("{{ raise_exception('no ' ~ text) }}"));

    assertThat(fault).hasMessage("no false");
    assertThat(fault.isRaised()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ missing.deeper }}",
        "{{ 'a' + missing }}",
        "{{ missing() }}",
        "{{ none + 'a' }}",
        "{{ 1 < 'a' }}",
        "{{ messages[0]['content']['x'].y }}",
        "{{ 1 / 0 }}",
        "{{ 1 // 0 }}",
        "{{ 'a' in none }}",
        "{{ {}['a'].b }}",
        "{{ missing | tojson }}",
        "{{ 3 | length }}",
        "{% for x in 3 %}{% endfor %}",
        "{% set a, b = [1] %}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update({}) }}",
        "{% set messages.x = 1 %}",
        "{{ text.__class__ }}",
        "{{ 9223372036854775807 + 1 }}",
        "{% set ns = namespace(_a=1) %}",
        "{{ range(100001) }}",
        "{{ [1, 1e999 - 1e999] | sort }}",
        "{{ [{}] | unique }}",
        "{{ {[]: 1} }}"
      })
  void what_fails_in_python_fails(String template) {
    assertThatThrownBy(() -> render(template)).isInstanceOf(JinjaException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ a", "{% if a %}", "{% endif %}", "{{ }}", "{{ a b }}", "{{ (a }}",
            "{% for a %}{% endfor %}",
        "{# a", "{% raw %}", "{{ 'a }}", "{{ a | }}", "{% set = 1 %}", "{{ a is }}", "{{ \\ }}",
        "{% break %}", "{{ a[1 2] }}", "{{ f(a=1, 2) }}", "{% else %}"
      })
  void what_is_no_template_is_refused_when_it_is_read(String template) {
    assertThatThrownBy(() -> JinjaTemplate.of(template)).isInstanceOf(JinjaException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% include 'x' %}",
        "{% import 'x' as x %}",
        "{% extends 'x' %}",
        "{% block a %}{% endblock %}",
        "{% do x %}",
        "{% call f() %}{% endcall %}",
        "{{ x | groupby('a') }}",
        "{{ x is escaped }}",
        "{{ f(*x) }}",
        "{{ 2 ** 3 }}",
        "{% filter upper %}{% endfilter %}",
        "{% for x in y recursive %}{% endfor %}",
        "{{ '\\N{BULLET}' }}"
      })
  void what_is_not_built_is_refused_when_it_is_read(String template) {
    assertThatThrownBy(() -> JinjaTemplate.of(template))
        .isInstanceOf(JinjaException.class)
        .hasMessageContaining("not supported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 1000000000000 }}",
        "{{ [1] | tojson(indent=1000000000) }}",
        "{{ 'a\nb' | indent(1000000000) }}",
        "{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
        "{% set ns = namespace(t=[1]) %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
        "{% set ns = namespace(t=[]) %}{% for i in range(9999) %}{% set ns.t = ns.t + ['x' * 99999] %}{% endfor %}",
        "{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}",
        "{% set t = 'x' * 1000000 %}{% for i in range(100000) %}{% set u = t | upper %}{% endfor %}",
        "{% set t = 'x' * 1000000 %}{% for i in range(100000) %}{% if t < t %}{% endif %}{% endfor %}",
        "{% set t = 'x' * 900000 %}{% set u = 'x' * 400000 ~ 'y' %}{{ u in t }}",
        "{% set ns = namespace(t='ab') %}{% for i in range(99) %}{% set ns.t = ns.t.replace('a', ns.t) %}{% endfor %}"
      })
  void work_is_bounded_by_its_size(String template) {
    assertThatThrownBy(() -> render("\n" + template))
        .isInstanceOf(JinjaException.class)
        .hasMessageContaining("it takes more than 100")
        .extracting(fault -> ((JinjaException) fault).line())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ns.t == ns.u }}",
        "{{ ns.t }}",
        "{{ ns.t | tojson }}",
        "{{ ns.t in [ns.u] }}",
        "{{ [ns.t] | unique }}",
        "{{ [ns.t, ns.u] | sort }}",
        "{{ [[ns.t]] | join }}",
        "{{ {ns.t: 1} }}",
        "{{ {}.get(ns.t) }}",
        "{{ {}[ns.t].x }}",
        "{{ {(1, ns.t): 1} }}"
      })
  void a_value_that_holds_itself_twice_many_times_over_is_no_trap(String use) {
    String nested =
        "{% set ns = namespace(t=[1], u=[1]) %}{% for i in range(40) %}"
            + "{% set ns.t = [ns.t, ns.t] %}{% set ns.u = [ns.u, ns.u] %}{% endfor %}";
    assertThatThrownBy(() -> render(nested + use)).isInstanceOf(JinjaException.class);
  }

  @Test
  void work_that_is_linear_in_the_conversation_passes_at_any_length() {
    Map<String, Object> message = Map.of("role", "user", "content", "ab ".repeat(500_000));
    String template =
        "{% for m in messages %}{{ '<' + (m.content | trim | upper) + '>' }}{% endfor %}";

    assertThat(
            JinjaTemplate.of(template)
                .render(Map.of("messages", List.of(message, message)), Map.of()))
        .hasSize(2 * 1_500_001);
  }

  @Test
  void long_chains_are_not_deep() {
    assertThat(render("{{ 0" + " + 1".repeat(20_000) + " }}")).isEqualTo("20000");
    assertThat(render("{{ 'a'" + " | string".repeat(20_000) + " }}")).isEqualTo("a");
    assertThat(render("{{ " + "not ".repeat(20_000) + "true }}")).isEqualTo("True");
    assertThat(render("{{ " + "-".repeat(20_000) + "1 }}")).isEqualTo("1");
    assertThat(
            render(
                "{% if missing %}" + "{% elif missing %}".repeat(5_000) + "{% else %}a{% endif %}"))
        .isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(x) %}{% for i in x %}{{ (1 + (2 * (f([x, x]) | length))) or 3 }}{% endfor %}{% endmacro %}{{ f([1]) }}",
        "{% set ns = namespace(t=[1]) %}{% for i in range(999) %}{% set ns.t = [ns.t] %}{% endfor %}{{ ns.t == ns.t }}",
        "{% set ns = namespace(t=[1]) %}{% for i in range(999) %}{% set ns.t = [ns.t] %}{% endfor %}{{ ns.t | tojson }}"
      })
  void what_runs_is_nested_to_a_bound(String template) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(JinjaException.class)
        .hasMessageMatching("(macros, loops and expressions are|a value is) nested more than .*");
  }

  @Test
  void a_message_quotes_no_more_than_it_needs() {
    assertThatThrownBy(() -> render("{{ raise_exception('z' * 1000000) }}"))
        .satisfies(fault -> assertThat(fault.getMessage()).hasSizeLessThan(1100));
    assertThatThrownBy(() -> render("{{ {}['z' * 1000000].x }}"))
        .satisfies(fault -> assertThat(fault.getMessage()).hasSizeLessThan(200));
  }

  @ParameterizedTest
  @CsvSource({
    "{{ 'abc'[1::9223372036854775807] }},b",
    "{{ 'abc'[::-9223372036854775807] }},c",
    "{{ 'a' | indent(-5) }},a",
    "{{ [9007199254740993 == 9007199254740992.0] }},[False]",
    "{{ [9007199254740993 > 9007199254740992.0] }},[True]",
    "{{ [-0.0 < 0.0] }},[False]",
    "{{ ['\uffff' < '😀'] }},[True]",
    "{{ 5e-324 }},5e-324",
    "{{ 2e23 }},2e+23",
    "{{ 0.1 + 0.2 }},0.30000000000000004"
  })
  void edges_are_as_in_python(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @Test
  void nesting_is_bounded() {
    for (String open : List.of("(", "[", "-", "not ", "{% if a %}", "a if ", "f(")) {
      String template = open.startsWith("{") ? open.repeat(5000) : "{{ " + open.repeat(50000);
      assertThatThrownBy(() -> JinjaTemplate.of(template)).isInstanceOf(JinjaException.class);
    }
  }

  @Property(tries = 300)
  void any_text_comes_out_as_it_went_in(@ForAll String content) {
    Map<String, Object> variables = Map.of("messages", List.of(Map.of("content", content)));
    String template = "{% for m in messages %}<|{{ m.content }}|>{{ '\\n' }}{% endfor %}";

    assertThat(JinjaTemplate.of(template).render(variables, Map.of()))
        .isEqualTo("<|" + content + "|>\n");
  }

  @Property(tries = 3000)
  void any_text_as_a_template_is_rendered_or_refused(
      @ForAll @StringLength(max = 60) String noise, @ForAll long seed) {
    String template = scrambled(noise, seed);
    try {
      render(template);
    } catch (JinjaException expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    }
  }

  /** Pieces of real templates, in a wrong order more often than not, with noise between. */
  private static String scrambled(String noise, long seed) {
    List<String> pieces =
        List.of(
            "{{ ",
            " }}",
            "{% ",
            " %}",
            "{%- if text %}",
            "{% endif %}",
            "{% for m in messages %}",
            "{% endfor %}",
            "m.content",
            "['role']",
            " | ",
            "trim",
            "tojson",
            " + ",
            " == ",
            "'a'",
            "1",
            "(",
            ")",
            "[",
            "]",
            ":",
            " is ",
            "defined",
            "not ",
            " in ",
            "{% set x = ",
            "loop.first",
            "~",
            noise);
    StringBuilder template = new StringBuilder();
    java.util.Random random = new java.util.Random(seed);
    for (int i = random.nextInt(20); i >= 0; i--) {
      template.append(pieces.get(random.nextInt(pieces.size())));
    }
    return template.toString();
  }

  private static String render(String template) {
    return JinjaTemplate.of(template).render(new HashMap<>(VARIABLES), Map.of());
  }
}
