package io.github.tralign.djl.jinja;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What may stand behind {@code |}: jinja2's filters, and transformers' {@code tojson}. */
final class Filters {

  /** Makes a value of another. */
  interface Filter {
    Object apply(Object value, Arguments arguments, Frame frame);
  }

  private static final ImmutableMap<String, Filter> BY_NAME =
      ImmutableMap.<String, Filter>builder()
          .put("trim", (value, arguments, frame) -> trim(value, arguments))
          .put("upper", plain(value -> Python.str(value).toUpperCase(Locale.ROOT)))
          .put("lower", plain(value -> Python.str(value).toLowerCase(Locale.ROOT)))
          .put("capitalize", plain(value -> TextMethods.capitalized(Python.str(value))))
          .put("title", plain(value -> TextMethods.titled(Python.str(value))))
          .put("string", plain(Python::str))
          .put("safe", plain(Python::str))
          .put("length", plain(Python::length))
          .put("count", plain(Python::length))
          .put("list", plain(value -> new ArrayList<>(Python.iterate(value))))
          .put("first", plain(value -> end(value, true)))
          .put("last", plain(value -> end(value, false)))
          .put("reverse", plain(Filters::reverse))
          .put("items", plain(Filters::items))
          .put("abs", plain(Filters::abs))
          .put("int", (value, arguments, frame) -> integer(value, arguments))
          .put("default", (value, arguments, frame) -> otherwise(value, arguments))
          .put("d", (value, arguments, frame) -> otherwise(value, arguments))
          .put("join", (value, arguments, frame) -> join(value, arguments))
          .put("replace", (value, arguments, frame) -> replace(value, arguments))
          .put("tojson", (value, arguments, frame) -> json(value, arguments))
          .put("indent", (value, arguments, frame) -> indent(value, arguments))
          .put("dictsort", (value, arguments, frame) -> dictsort(value, arguments))
          .put("sort", (value, arguments, frame) -> sort(value, arguments))
          .put("unique", plain(Filters::unique))
          .put("map", Filters::map)
          .put("select", (value, arguments, frame) -> select(value, arguments, true))
          .put("reject", (value, arguments, frame) -> select(value, arguments, false))
          .put("selectattr", (value, arguments, frame) -> selectAttribute(value, arguments, true))
          .put("rejectattr", (value, arguments, frame) -> selectAttribute(value, arguments, false))
          .buildOrThrow();

  private Filters() {}

  static Filter named(String name, int line) {
    Filter filter = BY_NAME.get(name);
    if (filter == null) {
      throw TemplateFault.unsupported("the filter '" + name + "'").at(line);
    }
    return filter;
  }

  private static Filter plain(Function<Object, Object> filter) {
    return (value, arguments, frame) -> {
      arguments.of("the filter");
      return filter.apply(value);
    };
  }

  private static Object trim(Object value, Arguments arguments) {
    Optional<String> characters = arguments.of("trim", "chars").optionalText(0, "chars");
    return TextMethods.strip(Python.str(value), characters, true, true);
  }

  private static Object end(Object value, boolean first) {
    List<Object> items = Python.iterate(value);
    if (items.isEmpty()) {
      return new Undefined("the " + (first ? "first" : "last") + " item of nothing");
    }
    return items.get(first ? 0 : items.size() - 1);
  }

  private static Object reverse(Object value) {
    List<Object> reversed = new ArrayList<>(Lists.reverse(Python.iterate(value)));
    return value instanceof String
        ? String.join("", reversed.stream().map(String.class::cast).toList())
        : reversed;
  }

  private static Object items(Object value) {
    if (value instanceof Undefined) {
      return List.of();
    } else if (value instanceof Map<?, ?> map) {
      return MapMethods.items(map);
    }
    throw new TemplateFault("the filter 'items' needs a map, not a " + Python.typeName(value));
  }

  private static Object abs(Object value) {
    Object number = Operators.number(value);
    return number instanceof Double decimal
        ? (Object) Math.abs(decimal)
        : (Object) Math.absExact(Python.toLong(number));
  }

  private static Object integer(Object value, Arguments arguments) {
    Object otherwise = arguments.of("int", "default").get(0, "default").orElse(0L);
    if (value instanceof Double number) {
      if (!Double.isFinite(number)) {
        throw new TemplateFault("the filter 'int' needs a finite number");
      }
      return Python.from(new BigDecimal(number).toBigInteger());
    } else if (value instanceof BigInteger) {
      return value;
    } else if (Python.isNumber(value)) {
      return Python.toLong(value);
    } else if (value instanceof String text) {
      String digits = text.strip();
      if (digits.matches("[-+]?[0-9]{1,18}")) {
        return Long.parseLong(digits);
      } else if (digits.chars().noneMatch(c -> Character.isDigit(c))) {
        return otherwise;
      }
      throw TemplateFault.unsupported("'int' of the text '" + text + "'");
    }
    return otherwise;
  }

  private static Object otherwise(Object value, Arguments arguments) {
    arguments.of("default", "default_value", "boolean");
    boolean missing =
        value instanceof Undefined
            || (arguments.truth(1, "boolean", false) && !Python.truth(value));
    return missing ? arguments.get(0, "default_value").orElse("") : value;
  }

  private static Object join(Object value, Arguments arguments) {
    arguments.of("join", "d", "attribute");
    String separator = Python.str(arguments.get(0, "d").orElse(""));
    Optional<Object> attribute = arguments.get(1, "attribute");
    StringBuilder joined = new StringBuilder();
    String between = "";
    for (Object item : Python.iterate(value)) {
      joined.append(between);
      joined.append(Python.str(attribute.map(path -> path(item, path)).orElse(item)));
      Frame.limited(joined.length());
      between = separator;
    }
    return joined.toString();
  }

  private static Object replace(Object value, Arguments arguments) {
    arguments.of("replace", "old", "new", "count");
    long count =
        arguments
            .get(2, "count")
            .filter(given -> given != None.NONE)
            .map(given -> Python.requireInteger(given, "the argument 'count'"))
            .orElse(-1L);
    return TextMethods.replaced(
        Python.str(value),
        Python.str(arguments.required(0, "old")),
        Python.str(arguments.required(1, "new")),
        count);
  }

  private static Object json(Object value, Arguments arguments) {
    arguments.of("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    Optional<String> indent =
        arguments
            .get(1, "indent")
            .filter(given -> given != None.NONE)
            .map(
                given ->
                    given instanceof String text
                        ? text
                        : " "
                            .repeat(
                                (int)
                                    Math.min(
                                        100,
                                        Math.max(
                                            0,
                                            Python.requireInteger(
                                                given, "the argument 'indent'")))));
    String item = indent.isPresent() ? "," : ", ";
    String key = ": ";
    Object separators = arguments.get(2, "separators").orElse(None.NONE);
    if (separators != None.NONE) {
      List<Object> two = Python.iterate(separators);
      if (two.size() != 2) {
        throw new TemplateFault("the argument 'separators' must be two texts");
      }
      item = Python.requireText(two.get(0), "a separator");
      key = Python.requireText(two.get(1), "a separator");
    }
    boolean ascii = arguments.truth(0, "ensure_ascii", false);
    boolean sorted = arguments.truth(3, "sort_keys", false);
    return new PythonJson(indent, item, key, ascii, sorted).write(value);
  }

  private static Object indent(Object value, Arguments arguments) {
    arguments.of("indent", "width", "first", "blank");
    Object width = arguments.get(0, "width").orElse(4L);
    String unit =
        width instanceof String text
            ? text
            : " ".repeat((int) Math.min(1000, Python.requireInteger(width, "the width")));
    boolean blank = arguments.truth(2, "blank", false);
    String text = Python.requireText(value, "what is indented");
    List<String> lines = List.of((text + "\n").split("\n", -1));
    StringBuilder indented = new StringBuilder();
    for (int i = 0; i < lines.size() - 1; i++) {
      indented.append(i > 0 ? "\n" : "");
      indented.append(i > 0 && (blank || !lines.get(i).isEmpty()) ? unit : "").append(lines.get(i));
      Frame.limited(indented.length());
    }
    return arguments.truth(1, "first", false) ? unit + indented : indented.toString();
  }

  private static Object dictsort(Object value, Arguments arguments) {
    arguments.of("dictsort");
    if (!(value instanceof Map<?, ?> map)) {
      throw new TemplateFault("the filter 'dictsort' needs a map");
    }
    List<Object> items = MapMethods.items(map);
    items.sort((a, b) -> ignoringCase(((Tuple) a).items().get(0), ((Tuple) b).items().get(0)));
    return items;
  }

  private static Object sort(Object value, Arguments arguments) {
    arguments.of("sort", "reverse", "case_sensitive", "attribute");
    boolean reverse = arguments.truth(0, "reverse", false);
    boolean caseSensitive = arguments.truth(1, "case_sensitive", false);
    Optional<Object> attribute = arguments.get(2, "attribute").filter(given -> given != None.NONE);
    Function<Object, Object> key = item -> attribute.map(path -> path(item, path)).orElse(item);
    List<Object> items = new ArrayList<>(Python.iterate(value));
    items.sort(
        (a, b) -> {
          Object one = key.apply(reverse ? b : a);
          Object other = key.apply(reverse ? a : b);
          return caseSensitive ? Python.compare(one, other) : ignoringCase(one, other);
        });
    return items;
  }

  private static int ignoringCase(Object a, Object b) {
    return Python.compare(lower(a), lower(b));
  }

  private static Object lower(Object value) {
    return value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
  }

  private static Object unique(Object value) {
    Map<Object, Object> first = new LinkedHashMap<>();
    Python.iterate(value).forEach(item -> first.putIfAbsent(lower(item), item));
    return new ArrayList<>(first.values());
  }

  private static Object map(Object value, Arguments arguments, Frame frame) {
    List<Object> items = Python.iterate(value);
    if (arguments.positional().isEmpty()) {
      arguments.of("map", "attribute", "default");
      Object path = arguments.required(0, "attribute");
      Optional<Object> otherwise = arguments.get(1, "default");
      return collect(
          items,
          item -> {
            Object found = path(item, path);
            return found instanceof Undefined ? otherwise.orElse(found) : found;
          });
    }
    Filter filter = named(arguments.text(0, "filter"), 0);
    Arguments rest = behind(arguments, 1);
    return collect(items, item -> filter.apply(item, rest, frame));
  }

  private static List<Object> collect(List<Object> items, Function<Object, Object> each) {
    List<Object> mapped = new ArrayList<>();
    items.forEach(item -> mapped.add(each.apply(item)));
    return mapped;
  }

  private static Object select(Object value, Arguments arguments, boolean wanted) {
    FilterTests.Test test = test(arguments, 0);
    Arguments rest = behind(arguments, 1);
    return kept(value, item -> test.holds(item, rest) == wanted);
  }

  private static Object selectAttribute(Object value, Arguments arguments, boolean wanted) {
    Object attribute = arguments.required(0, "attribute");
    FilterTests.Test test = test(arguments, 1);
    Arguments rest = behind(arguments, 2);
    return kept(value, item -> test.holds(path(item, attribute), rest) == wanted);
  }

  private static FilterTests.Test test(Arguments arguments, int index) {
    return index < arguments.positional().size()
        ? FilterTests.named(arguments.text(index, "test"), 0)
        : (value, none) -> Python.truth(value);
  }

  private static List<Object> kept(Object value, java.util.function.Predicate<Object> keep) {
    List<Object> kept = new ArrayList<>();
    for (Object item : Python.iterate(value)) {
      if (keep.test(item)) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static Arguments behind(Arguments arguments, int first) {
    List<Object> positional = arguments.positional();
    return new Arguments(
        positional.subList(Math.min(first, positional.size()), positional.size()),
        arguments.named());
  }

  /** An attribute by its path, such as {@code function.name}. */
  private static Object path(Object item, Object path) {
    if (path instanceof Long) {
      return Attributes.item(item, path);
    }
    Object value = item;
    for (String name : Python.requireText(path, "an attribute").split("\\.", -1)) {
      value =
          name.matches("[0-9]{1,9}")
              ? Attributes.item(value, Long.valueOf(name))
              : Attributes.item(value, name);
    }
    return value;
  }
}
