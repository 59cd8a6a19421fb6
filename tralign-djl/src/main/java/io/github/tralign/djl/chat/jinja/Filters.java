package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import io.github.tralign.djl.chat.jinja.PythonValues.None;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/** Jinja2's filters, which follow {@code |}, and transformers' {@code tojson}. */
final class Filters {

  /** Computes a value from another. */
  interface Filter {
    Object apply(Object value, Arguments arguments, Frame frame);
  }

  private static final ImmutableMap<String, Filter> BY_NAME =
      ImmutableMap.<String, Filter>builder()
          .put("trim", Filters::trim)
          .put("upper", ofString(StringMethods::upper))
          .put("lower", ofString(StringMethods::lower))
          .put("capitalize", ofString(StringMethods::capitalized))
          .put("title", ofString(StringMethods::titled))
          .put("string", withoutArguments(Python::str))
          .put("safe", withoutArguments(Python::str))
          .put("length", withoutArguments(Python::length))
          .put("count", withoutArguments(Python::length))
          .put(
              "list",
              withoutArguments((value, budget) -> new ArrayList<>(Python.iterate(value, budget))))
          .put("first", withoutArguments((value, budget) -> firstOrLast(value, true, budget)))
          .put("last", withoutArguments((value, budget) -> firstOrLast(value, false, budget)))
          .put("reverse", withoutArguments(Filters::reverse))
          .put("items", withoutArguments(Filters::items))
          .put("abs", withoutArguments((value, budget) -> abs(value)))
          .put("int", Filters::integer)
          .put("default", Filters::defaulted)
          .put("d", Filters::defaulted)
          .put("join", Filters::join)
          .put("replace", Filters::replace)
          .put("tojson", Filters::json)
          .put("indent", Filters::indent)
          .put("dictsort", Filters::dictsort)
          .put("sort", Filters::sort)
          .put("unique", withoutArguments(Filters::unique))
          .put("map", Filters::map)
          .put("select", (value, arguments, frame) -> select(value, arguments, true, frame))
          .put("reject", (value, arguments, frame) -> select(value, arguments, false, frame))
          .put(
              "selectattr",
              (value, arguments, frame) -> selectAttribute(value, arguments, true, frame))
          .put(
              "rejectattr",
              (value, arguments, frame) -> selectAttribute(value, arguments, false, frame))
          .buildOrThrow();

  private Filters() {}

  static Filter named(String name, int line) {
    Filter filter = BY_NAME.get(name);
    if (filter == null) {
      throw JinjaException.unsupported("the filter '" + name + "'").at(line);
    }
    return filter;
  }

  private static Filter withoutArguments(BiFunction<Object, Budget, Object> filter) {
    return (value, arguments, frame) -> {
      arguments.checked("the filter");
      return filter.apply(value, frame.budget());
    };
  }

  private static Filter ofString(BiFunction<String, Budget, Object> filter) {
    return withoutArguments((value, budget) -> filter.apply(Python.str(value, budget), budget));
  }

  private static Object trim(Object value, Arguments arguments, Frame frame) {
    Optional<String> characters = arguments.checked("trim", "chars").optionalText(0, "chars");
    String text = Python.str(value, frame.budget());
    return StringMethods.strip(text, characters, true, true, frame.budget());
  }

  private static Object firstOrLast(Object value, boolean first, Budget budget) {
    List<?> items = value instanceof List<?> list ? list : Python.iterate(value, budget);
    if (items.isEmpty()) {
      return new Undefined("the " + (first ? "first" : "last") + " item of an empty value");
    }
    return items.get(first ? 0 : items.size() - 1);
  }

  private static Object reverse(Object value, Budget budget) {
    if (value instanceof String text) {
      return Slices.slice(text, None.NONE, None.NONE, -1L, budget);
    }
    return new ArrayList<>(Lists.reverse(Python.iterate(value, budget)));
  }

  private static Object items(Object value, Budget budget) {
    if (value instanceof Undefined) {
      return List.of();
    } else if (value instanceof Map<?, ?> map) {
      return DictMethods.items(map, budget);
    }
    throw new JinjaException(
        "the filter 'items' requires a mapping, not " + Python.typeName(value));
  }

  private static Object abs(Object value) {
    Object number = Operators.number(value);
    return number instanceof Double decimal
        ? (Object) Math.abs(decimal)
        : (Object) Math.absExact(Python.toLong(number));
  }

  private static Object integer(Object value, Arguments arguments, Frame frame) {
    Object otherwise = arguments.checked("int", "default").get(0, "default").orElse(0L);
    if (value instanceof Double number) {
      if (!Double.isFinite(number)) {
        throw new JinjaException("the filter 'int' requires a finite number");
      }
      return Python.fromJava(new BigDecimal(number).toBigInteger(), frame.budget());
    } else if (value instanceof BigInteger) {
      return value;
    } else if (Python.isNumber(value)) {
      return Python.toLong(value);
    } else if (value instanceof String text) {
      frame.budget().charge(100L + 3L * text.length());
      String digits = text.strip();
      if (digits.matches("[-+]?[0-9]{1,18}")) {
        return Long.parseLong(digits);
      } else if (digits.chars().noneMatch(c -> Character.isDigit(c))) {
        return otherwise;
      }
      throw JinjaException.unsupported("'int' of the string '" + text + "'");
    }
    return otherwise;
  }

  private static Object defaulted(Object value, Arguments arguments, Frame frame) {
    arguments.checked("default", "default_value", "boolean");
    boolean missing =
        value instanceof Undefined
            || (arguments.bool(1, "boolean", false) && !Python.isTruthy(value));
    return missing ? arguments.get(0, "default_value").orElse("") : value;
  }

  private static Object join(Object value, Arguments arguments, Frame frame) {
    arguments.checked("join", "d", "attribute");
    Budget budget = frame.budget();
    String separator = Python.str(arguments.get(0, "d").orElse(""), budget);
    Optional<Object> attribute = arguments.get(1, "attribute");
    TextBuilder joined = new TextBuilder(budget);
    String between = "";
    for (Object item : Python.iterate(value, budget)) {
      Object part = attribute.map(path -> path(item, path, budget)).orElse(item);
      joined.append(between).append(Python.str(part, budget));
      between = separator;
    }
    return joined.build();
  }

  private static Object replace(Object value, Arguments arguments, Frame frame) {
    arguments.checked("replace", "old", "new", "count");
    Budget budget = frame.budget();
    long count =
        arguments
            .get(2, "count")
            .filter(given -> given != None.NONE)
            .map(given -> Python.requireInteger(given, "the argument 'count'"))
            .orElse(-1L);
    return StringMethods.replaced(
        Python.str(value, budget),
        Python.str(arguments.required(0, "old"), budget),
        Python.str(arguments.required(1, "new"), budget),
        count,
        budget);
  }

  private static Object json(Object value, Arguments arguments, Frame frame) {
    arguments.checked("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    Budget budget = frame.budget();
    Optional<String> indent =
        arguments
            .get(1, "indent")
            .filter(given -> given != None.NONE)
            .map(given -> blanks(given, "the argument 'indent'", budget));
    String item = indent.isPresent() ? "," : ", ";
    String key = ": ";
    Object separators = arguments.get(2, "separators").orElse(None.NONE);
    if (separators != None.NONE) {
      List<Object> two = Python.iterate(separators, budget);
      if (two.size() != 2) {
        throw new JinjaException("the argument 'separators' must be two strings");
      }
      item = Python.requireText(two.get(0), "a separator");
      key = Python.requireText(two.get(1), "a separator");
    }
    boolean ascii = arguments.bool(0, "ensure_ascii", false);
    boolean sorted = arguments.bool(3, "sort_keys", false);
    return new PythonJson(indent, item, key, ascii, sorted).write(value, budget);
  }

  /** A string as it is, or as many spaces as an integer says. */
  private static String blanks(Object given, String what, Budget budget) {
    return given instanceof String text
        ? text
        : new TextBuilder(budget).append(" ", Python.requireInteger(given, what)).build();
  }

  private static Object indent(Object value, Arguments arguments, Frame frame) {
    arguments.checked("indent", "width", "first", "blank");
    Budget budget = frame.budget();
    String unit = blanks(arguments.get(0, "width").orElse(4L), "the width", budget);
    boolean blank = arguments.bool(2, "blank", false);
    String text = Python.requireText(value, "the value of 'indent'");
    budget.charge(2L * text.length());
    String[] lines = (text + "\n").split("\n", -1);
    TextBuilder indented = new TextBuilder(budget);
    indented.append(arguments.bool(1, "first", false) ? unit : "");
    for (int i = 0; i < lines.length - 1; i++) {
      budget.chargeItems(1);
      indented.append(i > 0 ? "\n" : "");
      indented.append(i > 0 && (blank || !lines[i].isEmpty()) ? unit : "").append(lines[i]);
    }
    return indented.build();
  }

  private static Object dictsort(Object value, Arguments arguments, Frame frame) {
    arguments.checked("dictsort");
    if (!(value instanceof Map<?, ?> map)) {
      throw new JinjaException("the filter 'dictsort' requires a mapping");
    }
    Budget budget = frame.budget();
    return sorted(
        DictMethods.items(map, budget),
        item -> ignoringCase(((Tuple) item).items().get(0), budget),
        false,
        budget);
  }

  private static Object sort(Object value, Arguments arguments, Frame frame) {
    arguments.checked("sort", "reverse", "case_sensitive", "attribute");
    boolean reverse = arguments.bool(0, "reverse", false);
    boolean caseSensitive = arguments.bool(1, "case_sensitive", false);
    Optional<Object> attribute = arguments.get(2, "attribute").filter(given -> given != None.NONE);
    Budget budget = frame.budget();
    return sorted(
        Python.iterate(value, budget),
        item -> {
          Object key = attribute.map(path -> path(item, path, budget)).orElse(item);
          return caseSensitive ? key : ignoringCase(key, budget);
        },
        reverse,
        budget);
  }

  private record Keyed(Object key, Object item) {}

  private static List<Object> sorted(
      List<Object> items, Function<Object, Object> key, boolean reverse, Budget budget) {
    budget.chargeItems(3L * items.size());
    List<Keyed> keyed = new ArrayList<>();
    items.forEach(item -> keyed.add(new Keyed(key.apply(item), item)));
    keyed.sort(
        (a, b) ->
            reverse
                ? PythonComparison.compare(b.key(), a.key(), budget)
                : PythonComparison.compare(a.key(), b.key(), budget));
    return new ArrayList<>(keyed.stream().map(Keyed::item).toList());
  }

  private static Object ignoringCase(Object value, Budget budget) {
    return value instanceof String text ? StringMethods.lower(text, budget) : value;
  }

  private static Object unique(Object value, Budget budget) {
    Map<Object, Object> first = new LinkedHashMap<>();
    for (Object item : Python.iterate(value, budget)) {
      budget.chargeItems(1);
      first.putIfAbsent(PythonComparison.key(ignoringCase(item, budget), budget), item);
    }
    return new ArrayList<>(first.values());
  }

  private static Object map(Object value, Arguments arguments, Frame frame) {
    Budget budget = frame.budget();
    List<Object> items = Python.iterate(value, budget);
    if (arguments.positional().isEmpty()) {
      arguments.checked("map", "attribute", "default");
      Object path = arguments.required(0, "attribute");
      Optional<Object> otherwise = arguments.get(1, "default");
      return collect(
          items,
          item -> {
            Object found = path(item, path, budget);
            return found instanceof Undefined ? otherwise.orElse(found) : found;
          });
    }
    Filter filter = named(arguments.text(0, "filter"), 0);
    Arguments rest = skipping(arguments, 1);
    return collect(items, item -> filter.apply(item, rest, frame));
  }

  private static List<Object> collect(List<Object> items, Function<Object, Object> each) {
    List<Object> mapped = new ArrayList<>();
    items.forEach(item -> mapped.add(each.apply(item)));
    return mapped;
  }

  private static Object select(Object value, Arguments arguments, boolean wanted, Frame frame) {
    FilterTests.Test test = test(arguments, 0);
    Arguments rest = skipping(arguments, 1);
    Budget budget = frame.budget();
    return filtered(value, item -> test.holds(item, rest, budget) == wanted, budget);
  }

  private static Object selectAttribute(
      Object value, Arguments arguments, boolean wanted, Frame frame) {
    Object attribute = arguments.required(0, "attribute");
    FilterTests.Test test = test(arguments, 1);
    Arguments rest = skipping(arguments, 2);
    Budget budget = frame.budget();
    return filtered(
        value, item -> test.holds(path(item, attribute, budget), rest, budget) == wanted, budget);
  }

  private static FilterTests.Test test(Arguments arguments, int index) {
    return index < arguments.positional().size()
        ? FilterTests.named(arguments.text(index, "test"), 0)
        : (value, none, budget) -> Python.isTruthy(value);
  }

  private static List<Object> filtered(Object value, Predicate<Object> keep, Budget budget) {
    List<Object> kept = new ArrayList<>();
    for (Object item : Python.iterate(value, budget)) {
      if (keep.test(item)) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static Arguments skipping(Arguments arguments, int first) {
    List<Object> positional = arguments.positional();
    return new Arguments(
        positional.subList(Math.min(first, positional.size()), positional.size()),
        arguments.named());
  }

  /** An attribute by its path, such as {@code function.name}. */
  private static Object path(Object item, Object path, Budget budget) {
    if (path instanceof Long) {
      return Attributes.item(item, path, budget);
    }
    String names = Python.requireText(path, "an attribute");
    budget.chargeItems(1L + names.length());
    Object value = item;
    for (String name : names.split("\\.", -1)) {
      value =
          name.matches("[0-9]{1,9}")
              ? Attributes.item(value, Long.valueOf(name), budget)
              : Attributes.item(value, name, budget);
    }
    return value;
  }
}
