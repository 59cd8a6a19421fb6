package io.github.tralign.djl.jinja;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The methods of Python's {@code str}. */
final class TextMethods {

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

  private TextMethods() {}

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  static Callable of(String text, String name) {
    return (arguments, frame) -> {
      switch (name) {
        case "strip":
        case "lstrip":
        case "rstrip":
          return strip(
              text,
              arguments.of(name, "chars").optionalText(0, "chars"),
              !name.equals("rstrip"),
              !name.equals("lstrip"));
        case "lower":
          arguments.of(name);
          return text.toLowerCase(Locale.ROOT);
        case "upper":
          arguments.of(name);
          return text.toUpperCase(Locale.ROOT);
        case "capitalize":
          arguments.of(name);
          return capitalized(text);
        case "title":
          arguments.of(name);
          return titled(text);
        case "startswith":
        case "endswith":
          return hasAffix(text, name, arguments.of(name, "affix").required(0, "affix"));
        case "removeprefix":
          String prefix = arguments.of(name, "prefix").text(0, "prefix");
          return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        case "removesuffix":
          String suffix = arguments.of(name, "suffix").text(0, "suffix");
          return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
        case "split":
        case "rsplit":
          return split(text, arguments.of(name, "sep", "maxsplit"), name.equals("rsplit"));
        case "splitlines":
          arguments.of(name);
          return lines(text);
        case "replace":
          arguments.of(name, "old", "new", "count");
          return replaced(
              text,
              arguments.text(0, "old"),
              arguments.text(1, "new"),
              arguments.integer(2, "count", -1));
        case "find":
          return find(text, arguments.of(name, "sub").text(0, "sub"));
        case "count":
          return count(text, arguments.of(name, "sub").text(0, "sub"));
        case "join":
          return join(text, arguments.of(name, "iterable").required(0, "iterable"));
        case "isspace":
          return all(text, Python::isSpace);
        case "isdigit":
        case "isdecimal":
          return all(text, c -> c >= '0' && c <= '9' || unsure(c, name));
        case "isalpha":
          return all(text, Character::isLetter);
        default:
          throw TemplateFault.unsupported("'" + name + "' of a text");
      }
    };
  }

  static String strip(String text, Optional<String> characters, boolean left, boolean right) {
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

  static String capitalized(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int rest = Character.charCount(text.codePointAt(0));
    String first = text.substring(0, rest);
    if (!isAscii(first) && !first.equals(first.toUpperCase(Locale.ROOT))) {
      throw TemplateFault.unsupported("'capitalize' of a text that begins with '" + first + "'");
    }
    return first.toUpperCase(Locale.ROOT) + text.substring(rest).toLowerCase(Locale.ROOT);
  }

  static String titled(String text) {
    if (!isAscii(text)) {
      throw TemplateFault.unsupported("'title' of a text that is not ASCII");
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
    throw TemplateFault.unsupported("'" + method + "' of a text that is not ASCII");
  }

  private static boolean hasAffix(String text, String name, Object affix) {
    if (affix instanceof Tuple several) {
      return several.items().stream().anyMatch(each -> hasAffix(text, name, each));
    }
    String one = Python.requireText(affix, "the argument of '" + name + "'");
    return name.equals("startswith") ? text.startsWith(one) : text.endsWith(one);
  }

  private static List<Object> split(String text, Arguments arguments, boolean fromEnd) {
    Optional<String> separator = arguments.optionalText(0, "sep");
    long most = arguments.integer(1, "maxsplit", -1);
    long splits = most < 0 ? Long.MAX_VALUE : most;
    if (separator.isEmpty()) {
      if (splits < Long.MAX_VALUE) {
        throw TemplateFault.unsupported("'split' at blanks so many times");
      }
      return words(text);
    } else if (separator.get().isEmpty()) {
      throw new TemplateFault("'split' needs a separator that is not empty");
    }
    return fromEnd
        ? splitFromEnd(text, separator.get(), splits)
        : split(text, separator.get(), splits);
  }

  private static List<Object> split(String text, String separator, long splits) {
    List<Object> parts = new ArrayList<>();
    int from = 0;
    int next;
    while (parts.size() < splits && (next = text.indexOf(separator, from)) >= 0) {
      parts.add(text.substring(from, next));
      from = next + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static List<Object> splitFromEnd(String text, String separator, long splits) {
    List<Object> parts = new ArrayList<>();
    int to = text.length();
    int next;
    while (parts.size() < splits
        && (next = text.lastIndexOf(separator, to - separator.length())) >= 0
        && to >= separator.length()) {
      parts.add(0, text.substring(next + separator.length(), to));
      to = next;
    }
    parts.add(0, text.substring(0, to));
    return parts;
  }

  private static List<Object> words(String text) {
    List<Object> words = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int from = at;
      while (at < text.length() && !Python.isSpace(text.charAt(at))) {
        at++;
      }
      if (at > from) {
        words.add(text.substring(from, at));
      }
      at++;
    }
    return words;
  }

  private static List<Object> lines(String text) {
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
        lines.add(text.substring(from, at));
        at += c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n' ? 1 : 0;
        from = at + 1;
      }
    }
    if (from < text.length()) {
      lines.add(text.substring(from));
    }
    return lines;
  }

  static String replaced(String text, String old, String by, long count) {
    if (old.isEmpty()) {
      throw TemplateFault.unsupported("'replace' of an empty text");
    }
    List<Object> parts = split(text, old, count < 0 ? Long.MAX_VALUE : count);
    Frame.limited(text.length() + (long) parts.size() * by.length());
    return String.join(by, parts.stream().map(String.class::cast).toList());
  }

  private static long find(String text, String part) {
    int at = text.indexOf(part);
    return at < 0 ? -1 : text.codePointCount(0, at);
  }

  private static long count(String text, String part) {
    if (part.isEmpty()) {
      return Python.length(text) + 1;
    }
    return split(text, part, Long.MAX_VALUE).size() - 1L;
  }

  private static String join(String separator, Object items) {
    List<String> texts =
        Python.iterate(items).stream()
            .map(item -> Python.requireText(item, "what is joined"))
            .toList();
    Frame.limited(
        texts.stream().mapToLong(String::length).sum() + (long) texts.size() * separator.length());
    return String.join(separator, texts);
  }

  private static boolean all(String text, IntPredicate holds) {
    return !text.isEmpty() && text.codePoints().allMatch(holds);
  }
}
