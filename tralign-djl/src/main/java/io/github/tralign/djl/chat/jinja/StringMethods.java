package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableSet;
import io.github.tralign.djl.chat.jinja.Functions.Callable;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The methods of Python's {@code str}. */
final class StringMethods {

  private static final ImmutableSet<String> NAMES =
      ImmutableSet.of(
          "capitalize",
          "casefold",
          "center",
          "count",
          "encode",
          "endswith",
          "expandtabs",
          "find",
          "format",
          "format_map",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "isidentifier",
          "islower",
          "isnumeric",
          "isprintable",
          "isspace",
          "istitle",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "maketrans",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "translate",
          "upper",
          "zfill");

  private StringMethods() {}

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  static Callable of(String text, String name) {
    return (arguments, frame) -> {
      Budget budget = frame.budget();
      switch (name) {
        case "strip":
        case "lstrip":
        case "rstrip":
          return strip(
              text,
              arguments.checked(name, "chars").optionalText(0, "chars"),
              !name.equals("rstrip"),
              !name.equals("lstrip"),
              budget);
        case "lower":
          arguments.checked(name);
          return lower(text, budget);
        case "upper":
          arguments.checked(name);
          return upper(text, budget);
        case "capitalize":
          arguments.checked(name);
          return capitalized(text, budget);
        case "title":
          arguments.checked(name);
          return titled(text, budget);
        case "startswith":
        case "endswith":
          Object affix = arguments.checked(name, "affix").required(0, "affix");
          return hasAffix(text, name, affix, budget);
        case "removeprefix":
          String prefix = arguments.checked(name, "prefix").text(0, "prefix");
          budget.charge(text.length());
          return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        case "removesuffix":
          String suffix = arguments.checked(name, "suffix").text(0, "suffix");
          budget.charge(text.length());
          return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
        case "split":
        case "rsplit":
          return split(
              text, arguments.checked(name, "sep", "maxsplit"), name.equals("rsplit"), budget);
        case "splitlines":
          arguments.checked(name);
          return lines(text, budget);
        case "replace":
          arguments.checked(name, "old", "new", "count");
          return replaced(
              text,
              arguments.text(0, "old"),
              arguments.text(1, "new"),
              arguments.integer(2, "count", -1),
              budget);
        case "find":
          return find(text, arguments.checked(name, "sub").text(0, "sub"), budget);
        case "count":
          return count(text, arguments.checked(name, "sub").text(0, "sub"), budget);
        case "join":
          return join(text, arguments.checked(name, "iterable").required(0, "iterable"), budget);
        case "isspace":
          arguments.checked(name);
          return all(text, Python::isSpace, budget);
        case "isdigit":
        case "isdecimal":
          arguments.checked(name);
          return all(text, c -> c >= '0' && c <= '9' || unsure(c, name), budget);
        case "isalpha":
          arguments.checked(name);
          return all(text, Character::isLetter, budget);
        default:
          throw JinjaException.unsupported("'" + name + "' of a string");
      }
    };
  }

  static String lower(String text, Budget budget) {
    budget.charge(2L * text.length());
    return text.toLowerCase(Locale.ROOT);
  }

  static String upper(String text, Budget budget) {
    budget.charge(2L * text.length());
    return text.toUpperCase(Locale.ROOT);
  }

  static String strip(
      String text, Optional<String> characters, boolean left, boolean right, Budget budget) {
    budget.chargeSearch(text, characters.orElse(""));
    IntPredicate drops =
        characters.<IntPredicate>map(set -> c -> set.indexOf(c) >= 0).orElse(Python::isSpace);
    int from = 0;
    int to = text.length();
    while (left && from < to && drops.test(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && from < to && drops.test(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  static String capitalized(String text, Budget budget) {
    budget.charge(3L * text.length());
    if (text.isEmpty()) {
      return text;
    }
    int rest = Character.charCount(text.codePointAt(0));
    String first = text.substring(0, rest);
    if (!isAscii(first) && !first.equals(first.toUpperCase(Locale.ROOT))) {
      throw JinjaException.unsupported("'capitalize' of a string that begins with '" + first + "'");
    }
    return first.toUpperCase(Locale.ROOT) + text.substring(rest).toLowerCase(Locale.ROOT);
  }

  static String titled(String text, Budget budget) {
    budget.charge(3L * text.length());
    if (!isAscii(text)) {
      throw JinjaException.unsupported("'title' of a string that is not ASCII");
    }
    StringBuilder titled = new StringBuilder(text.length());
    boolean inWord = false;
    for (char c : text.toCharArray()) {
      titled.append(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
      inWord = Character.isLetter(c);
    }
    return titled.toString();
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static boolean unsure(int codePoint, String method) {
    if (codePoint < 0x80) {
      return false;
    }
    throw JinjaException.unsupported("'" + method + "' of a string that is not ASCII");
  }

  private static boolean hasAffix(String text, String name, Object affix, Budget budget) {
    if (affix instanceof Tuple several) {
      return several.items().stream().anyMatch(each -> hasAffix(text, name, each, budget));
    }
    String one = Python.requireText(affix, "the argument of '" + name + "'");
    budget.charge(1 + Math.min(one.length(), text.length()));
    return name.equals("startswith") ? text.startsWith(one) : text.endsWith(one);
  }

  private static List<Object> split(
      String text, Arguments arguments, boolean fromEnd, Budget budget) {
    Optional<String> separator = arguments.optionalText(0, "sep");
    long most = arguments.integer(1, "maxsplit", -1);
    long splits = most < 0 ? Long.MAX_VALUE : most;
    if (separator.isEmpty()) {
      if (splits < Long.MAX_VALUE) {
        throw JinjaException.unsupported("'split' at whitespace with 'maxsplit'");
      }
      return words(text, budget);
    } else if (separator.get().isEmpty()) {
      throw new JinjaException("'split' requires a non-empty separator");
    }
    return fromEnd
        ? splitFromEnd(text, separator.get(), splits, budget)
        : split(text, separator.get(), splits, budget);
  }

  private static List<Object> split(String text, String separator, long splits, Budget budget) {
    budget.chargeSearch(text, separator);
    List<Object> parts = new ArrayList<>();
    int from = 0;
    int next;
    while (parts.size() < splits && (next = text.indexOf(separator, from)) >= 0) {
      add(parts, text.substring(from, next), budget);
      from = next + separator.length();
    }
    add(parts, text.substring(from), budget);
    return parts;
  }

  private static List<Object> splitFromEnd(
      String text, String separator, long splits, Budget budget) {
    budget.chargeSearch(text, separator);
    List<Object> parts = new ArrayList<>();
    int to = text.length();
    int next;
    while (parts.size() < splits
        && (next = text.lastIndexOf(separator, to - separator.length())) >= 0
        && to >= separator.length()) {
      add(parts, text.substring(next + separator.length(), to), budget);
      to = next;
    }
    add(parts, text.substring(0, to), budget);
    Collections.reverse(parts);
    return parts;
  }

  private static void add(List<Object> parts, String part, Budget budget) {
    budget.chargeItems(1);
    budget.charge(part.length());
    parts.add(part);
  }

  private static List<Object> words(String text, Budget budget) {
    budget.charge(text.length());
    List<Object> words = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int from = at;
      while (at < text.length() && !Python.isSpace(text.charAt(at))) {
        at++;
      }
      if (at > from) {
        add(words, text.substring(from, at), budget);
      }
      at++;
    }
    return words;
  }

  private static List<Object> lines(String text, Budget budget) {
    budget.charge(text.length());
    List<Object> lines = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      boolean ends =
          c >= '\n' && c <= '\r'
              || c >= 0x1c && c <= 0x1e
              || c == 0x85
              || c == 0x2028
              || c == 0x2029;
      if (ends) {
        add(lines, text.substring(from, at), budget);
        at += c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n' ? 1 : 0;
        from = at + 1;
      }
    }
    if (from < text.length()) {
      add(lines, text.substring(from), budget);
    }
    return lines;
  }

  static String replaced(String text, String old, String by, long count, Budget budget) {
    if (old.isEmpty()) {
      throw JinjaException.unsupported("'replace' of an empty string");
    }
    return join(by, split(text, old, count < 0 ? Long.MAX_VALUE : count, budget), budget);
  }

  private static long find(String text, String part, Budget budget) {
    budget.chargeSearch(text, part);
    int at = text.indexOf(part);
    return at < 0 ? -1 : text.codePointCount(0, at);
  }

  private static long count(String text, String part, Budget budget) {
    if (part.isEmpty()) {
      return Python.length(text, budget) + 1;
    }
    return split(text, part, Long.MAX_VALUE, budget).size() - 1L;
  }

  private static String join(String separator, Object items, Budget budget) {
    TextBuilder joined = new TextBuilder(budget);
    String between = "";
    for (Object item : Python.iterate(items, budget)) {
      joined.append(between).append(Python.requireText(item, "an item of 'join'"));
      between = separator;
    }
    return joined.build();
  }

  private static boolean all(String text, IntPredicate holds, Budget budget) {
    budget.charge(text.length());
    return !text.isEmpty() && text.codePoints().allMatch(holds);
  }
}
