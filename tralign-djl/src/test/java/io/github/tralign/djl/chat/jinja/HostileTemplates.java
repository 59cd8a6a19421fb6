package io.github.tralign.djl.chat.jinja;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Templates out of a grammar that favours what grows: doubling, nesting that is shared, wide
 * padding, loops around all of it. Its {@code main} renders many in a process of its own.
 */
final class HostileTemplates {

  private static final List<String> OF_TEXT_TO_TEXT =
      List.of(
          "trim",
          "trim(TEXT)",
          "upper",
          "lower",
          "capitalize",
          "title",
          "string",
          "reverse",
          "replace('a', TEXT)",
          "replace(TEXT, 'a', 3)",
          "tojson",
          "indent(NUMBER)",
          "indent(TEXT, true, true)",
          "first",
          "d(TEXT, true)",
          ".strip()",
          ".strip(TEXT)",
          ".rstrip('ab')",
          ".lower()",
          ".removeprefix(TEXT)",
          ".replace('a', TEXT)",
          ".replace('a', TEXT, NUMBER)",
          ".join(LIST | map('string'))",
          "[NUMBER:]",
          "[::-1]",
          "[NUMBER:NUMBER:NUMBER or 1]",
          "[0]");

  private static final List<String> OF_TEXT_TO_LIST =
      List.of(
          ".split('a')",
          ".split()",
          ".split(TEXT or 'b', NUMBER)",
          ".rsplit(TEXT or 'b')",
          ".rsplit('a', 2)",
          ".splitlines()",
          "list",
          "sort",
          "unique");

  private static final List<String> OF_LIST_TO_TEXT =
      List.of(
          "string",
          "join",
          "join(TEXT)",
          "tojson",
          "tojson(indent=3)",
          "tojson(indent=1000000000)",
          "tojson(separators=(TEXT, TEXT))",
          "last | string");

  private static final List<String> OF_LIST_TO_LIST =
      List.of(
          "list",
          "reverse",
          "map('upper')",
          "map('tojson')",
          "map('string') | sort(true)",
          "map('string') | unique",
          "map('replace', 'a', TEXT)",
          "select('in', LIST)",
          "reject('eq', ANY)",
          "select",
          "map(attribute='a.b', default=TEXT)",
          "[NUMBER:]",
          "[::-1]");

  private static final List<String> TO_NUMBER =
      List.of(
          "TEXT | length",
          "LIST | length",
          "(TEXT).find(TEXT)",
          "(TEXT).count('a')",
          "(TEXT).count(TEXT)",
          "NUMBER * NUMBER",
          "NUMBER + NUMBER",
          "NUMBER // (NUMBER or 1)",
          "NUMBER % 7",
          "-NUMBER",
          "(TEXT | length | string) | int",
          "NUMBER | abs");

  private static final List<String> TO_TRUTH =
      List.of(
          "ANY == ANY",
          "LIST == LIST",
          "TEXT < TEXT",
          "NUMBER >= NUMBER",
          "TEXT in TEXT",
          "ANY in LIST",
          "ANY is defined",
          "(TEXT).startswith(TEXT)",
          "(TEXT).isspace()",
          "(TEXT) is lower",
          "not ANY",
          "(ANY) and (ANY)",
          "ANY is eq(ANY)");

  private static final List<String> TEXTS =
      List.of(
          "t",
          "t",
          "ns.t",
          "'a'",
          "'\\n'",
          "'ä😀'",
          "messages[0].content",
          "m(1)",
          "strftime_now(t)");

  private static final List<String> LISTS =
      List.of(
          "v",
          "v",
          "ns.v",
          "ns.v",
          "[]",
          "range(9)",
          "range(100000)",
          "messages",
          "messages[0].items()");

  private static final List<String> NUMBERS =
      List.of("n", "n", "0", "-1", "3", "1000000000", "9223372036854775807", "true", "40");

  private static final List<String> OTHERS =
      List.of(
          "1.5e-300",
          "1e999",
          "0.1",
          "none",
          "missing",
          "{}",
          "dict(a=v)",
          "{'a': ns.v, 1: t}",
          "{t: v}",
          "messages[0]",
          "m",
          "ns",
          "(v, v)",
          "loop.index",
          "messages.x",
          "v.append(1)");

  private final Random random;

  private HostileTemplates(long seed) {
    random = new Random(seed);
  }

  static String template(long seed) {
    HostileTemplates grammar = new HostileTemplates(seed);
    return "{% set ns = namespace(t='ab', v=[]) %}{% set t = 'aab' %}{% set n = 7 %}{% set v = [t] %}"
        + "{% macro m(x, y=t) %}"
        + grammar.statements(2)
        + "{% endmacro %}"
        + grammar.statements(4);
  }

  private String statements(int depth) {
    StringBuilder all = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      all.append(statement(depth));
    }
    return all.toString();
  }

  private String statement(int depth) {
    if (depth == 0) {
      return "{{ " + expression(2) + " }}";
    }
    return switch (random.nextInt(14)) {
      case 0, 1 -> "{{ " + expression(3) + " }}";
      case 2 -> "{% set " + pick("t = " + text(3), "v = " + list(3)) + " %}";
      case 3 -> "{% set ns." + pick("t = " + text(3), "v = " + list(3)) + " %}";
      case 4 -> "{% set ns.t = ns.t " + pick("~", "+") + " ns.t %}";
      case 5 ->
          "{% set ns.v = "
              + pick("[ns.v, ns.v]", "[{'a': ns.v, 'b': ns.v}]", "[(ns.v, ns.v)]")
              + " %}";
      case 6 -> "{% set ns.v = ns.v + [ns.t " + pick("~", "*") + " 3] %}";
      case 7 -> "{% if " + expression(2) + " %}" + statements(depth - 1) + "{% endif %}";
      case 8 -> "{% set t %}" + statements(depth - 1) + "{% endset %}";
      case 9 -> "{% set t = t * " + pick("n", "9", "1000", "4000000", "10000000000") + " %}";
      default ->
          "{% for i in "
              + pick(
                  "range(40)",
                  "range(9)",
                  "range(100000)",
                  "range(1000)",
                  "v",
                  "ns.v",
                  "t",
                  list(2))
              + pick("", "", " if " + expression(1))
              + " %}"
              + statements(depth - 1)
              + "{% endfor %}";
    };
  }

  private String expression(int depth) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> text(depth);
      case 3, 4, 5 -> list(depth);
      case 6 -> number(depth);
      case 7 -> filled(oneOf(TO_TRUTH), depth);
      case 8 -> "[" + text(depth) + ", " + list(depth) + "]";
      default -> oneOf(OTHERS);
    };
  }

  private String text(int depth) {
    if (depth <= 0 || random.nextInt(4) == 0) {
      return oneOf(TEXTS);
    }
    return switch (random.nextInt(6)) {
      case 0 -> "(" + text(depth - 1) + " " + pick("~", "+") + " " + text(depth - 1) + ")";
      case 1 -> "(" + text(depth - 1) + " * " + number(depth - 1) + ")";
      case 2 -> applied(list(depth - 1), oneOf(OF_LIST_TO_TEXT), depth);
      default -> applied(text(depth - 1), oneOf(OF_TEXT_TO_TEXT), depth);
    };
  }

  private String list(int depth) {
    if (depth <= 0 || random.nextInt(4) == 0) {
      return oneOf(LISTS);
    }
    return switch (random.nextInt(6)) {
      case 0 -> "(" + list(depth - 1) + " + " + list(depth - 1) + ")";
      case 1 -> "[" + list(depth - 1) + ", " + expression(depth - 1) + "]";
      case 2 -> applied(text(depth - 1), oneOf(OF_TEXT_TO_LIST), depth);
      default -> applied(list(depth - 1), oneOf(OF_LIST_TO_LIST), depth);
    };
  }

  private String number(int depth) {
    return depth <= 0 || random.nextInt(3) > 0
        ? oneOf(NUMBERS)
        : "(" + filled(oneOf(TO_NUMBER), depth) + ")";
  }

  private String applied(String value, String suffix, int depth) {
    boolean isFilter = Character.isLetter(suffix.charAt(0));
    return "(" + value + (isFilter ? " | " : "") + filled(suffix, depth) + ")";
  }

  /** The pattern with expressions of the kinds that it names. */
  private String filled(String pattern, int depth) {
    return Pattern.compile("TEXT|LIST|NUMBER|ANY")
        .matcher(pattern)
        .replaceAll(
            kind ->
                Matcher.quoteReplacement(
                    switch (kind.group()) {
                      case "TEXT" -> text(depth - 1);
                      case "LIST" -> list(depth - 1);
                      case "NUMBER" -> number(depth - 1);
                      default -> expression(depth - 1);
                    }));
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String oneOf(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** What a rendering spent, and the bytes that its thread allocated meanwhile. */
  record Cost(long units, long limit, long bytes, boolean finished) {}

  /** Renders a template; it may be refused, but nothing else. */
  static Cost render(String template) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("messages", List.of(Map.of("role", "user", "content", "a b\nä😀")));
    Budget budget = new Budget();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    boolean finished = false;
    try {
      JinjaTemplate read = JinjaTemplate.of(template);
      before = threads.getCurrentThreadAllocatedBytes();
      read.render(variables, Map.of("strftime_now", format -> "today"), budget);
      finished = true;
    } catch (JinjaException expected) {
      // refused, or past the budget
    }
    long bytes = before == 0 ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
    return new Cost(budget.spent(), budget.limit(), bytes, finished);
  }

  /** Renders the templates of {@code count} seeds from {@code first} on. */
  public static void main(String... arguments) {
    long first = Long.parseLong(arguments[0]);
    long count = Long.parseLong(arguments[1]);
    long finished = 0;
    long mostBytes = 0;
    long longest = 0;
    for (long seed = first; seed < first + count; seed++) {
      long start = System.nanoTime();
      try {
        Cost cost = render(template(seed));
        finished += cost.finished() ? 1 : 0;
        mostBytes = Math.max(mostBytes, cost.bytes());
      } catch (RuntimeException | Error e) {
        System.out.println("seed " + seed + ": " + e + "\n" + template(seed));
        throw e;
      }
      longest = Math.max(longest, System.nanoTime() - start);
    }
    System.out.printf(
        "%d templates, %d rendered, at most %d MB allocated and %d ms each%n",
        count, finished, mostBytes / 1_000_000, longest / 1_000_000);
  }
}
