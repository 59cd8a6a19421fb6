package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.Ints;
import io.github.tralign.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object from a file, with typed access to its keys. Every error names the file, the key and
 * what was expected.
 *
 * <p>Values are never converted: {@code 2.0} and {@code "2"} are not whole numbers, and {@code NaN}
 * is not a number. All methods throw {@link InvalidInputException} for a value of the wrong type,
 * and the {@code required…} methods also for an absent key. {@code null} is a value of the wrong
 * type, unless the method says otherwise; for lists and objects it is the same as absent.
 */
public final class ConfigJson {
  private static final String WHOLE = "a whole number";
  private static final String POSITIVE = "a whole number > 0";
  private static final String LONG = WHOLE + " of at most 64 bits";
  private static final String POSITIVE_LONG = POSITIVE + " of at most 64 bits";
  private static final String NUMBER = "a number";
  private static final String POSITIVE_NUMBER = "a number > 0";
  private static final String TEXT = "a string";

  private final Path file;
  private final String prefix;
  private final ObjectNode json;
  private final @Nullable String requiredBy;
  private final boolean nullsAbsent;

  private ConfigJson(
      Path file, String prefix, ObjectNode json, @Nullable String requiredBy, boolean nullsAbsent) {
    this.file = file;
    this.prefix = prefix;
    this.json = json;
    this.requiredBy = requiredBy;
    this.nullsAbsent = nullsAbsent;
  }

  /** Reads {@code file}, which must be UTF-8 and contain one JSON object without duplicate keys. */
  public static ConfigJson read(Path file) {
    return new ConfigJson(file, "", StrictJson.readObject(file), null, false);
  }

  /**
   * Wraps an object made in memory.
   *
   * @param file where it will be written, for messages
   */
  public static ConfigJson of(Path file, ObjectNode json) {
    return new ConfigJson(file, "", json.deepCopy(), null, false);
  }

  /**
   * The same object; errors about missing keys will name who requires them.
   *
   * @param user what requires the keys, for example {@code a GPTNeoXForCausalLM}
   */
  public ConfigJson requiredBy(String user) {
    return new ConfigJson(file, prefix, json, user, nullsAbsent);
  }

  /** The same object, in which a {@code null} is the same as an absent key. */
  public ConfigJson withNullsAbsent() {
    return new ConfigJson(file, prefix, json, requiredBy, true);
  }

  /** The file this object was read from. */
  public Path file() {
    return file;
  }

  /** A copy of the whole object. */
  public ObjectNode json() {
    return json.deepCopy();
  }

  /**
   * A copy with another value for {@code key}.
   *
   * @param value the new value, or {@code null} to remove the key
   */
  public ConfigJson with(String key, @Nullable JsonNode value) {
    ObjectNode changed = json.deepCopy();
    if (value == null) {
      changed.remove(key);
    } else {
      changed.set(key, value);
    }
    return new ConfigJson(file, prefix, changed, requiredBy, nullsAbsent);
  }

  /** Whether {@code key} is present and not {@code null}. */
  public boolean has(String key) {
    return json.hasNonNull(key);
  }

  /** Whether {@code key} is present, even as {@code null}. */
  public boolean contains(String key) {
    return json.has(key);
  }

  /** A 32-bit whole number. */
  public int requiredInt(String key) {
    return required(key, WHOLE, ConfigJson::isInt).intValue();
  }

  /** A whole number from 1 to 2³¹−1. */
  public int requiredPositiveInt(String key) {
    return required(key, POSITIVE, ConfigJson::isPositiveInt).intValue();
  }

  /** A 32-bit whole number, or {@code fallback} if the key is absent. */
  public int intOr(String key, int fallback) {
    return optional(key, WHOLE, ConfigJson::isInt).map(JsonNode::intValue).orElse(fallback);
  }

  /** A whole number from 1 to 2³¹−1, or {@code fallback} if the key is absent. */
  public int positiveIntOr(String key, int fallback) {
    return optional(key, POSITIVE, ConfigJson::isPositiveInt)
        .map(JsonNode::intValue)
        .orElse(fallback);
  }

  /** A whole number, the nearest of 32 bits, or {@code fallback} if the key is absent. */
  public int nearestIntOr(String key, int fallback) {
    return optional(key, LONG, ConfigJson::isLong).map(ConfigJson::nearestInt).orElse(fallback);
  }

  /**
   * A length or a limit: a whole number ≥ 1, or {@code fallback} if the key is absent. One that is
   * greater than 2³¹−1 limits nothing here and is read as that.
   */
  public int limitOr(String key, int fallback) {
    return optional(key, POSITIVE_LONG, it -> isLong(it) && it.longValue() > 0)
        .map(ConfigJson::nearestInt)
        .orElse(fallback);
  }

  /** A whole number from 1 to 2³¹−1, or {@code fallback} if the key is absent or null. */
  public int positiveIntOrNull(String key, int fallback) {
    return has(key) ? positiveIntOr(key, fallback) : fallback;
  }

  /** A finite number. */
  public double requiredDouble(String key) {
    return required(key, NUMBER, ConfigJson::isFinite).doubleValue();
  }

  /** A finite number > 0. */
  public double requiredPositive(String key) {
    return required(key, POSITIVE_NUMBER, ConfigJson::isPositive).doubleValue();
  }

  /** A finite number > 0, or {@code fallback} if the key is absent. */
  public double positiveOr(String key, double fallback) {
    return optional(key, POSITIVE_NUMBER, ConfigJson::isPositive)
        .map(JsonNode::doubleValue)
        .orElse(fallback);
  }

  /** A finite number ≥ 0, or {@code fallback} if the key is absent. */
  public double nonNegativeOr(String key, double fallback) {
    return optional(key, "a number ≥ 0", it -> isFinite(it) && it.doubleValue() >= 0)
        .map(JsonNode::doubleValue)
        .orElse(fallback);
  }

  /** A finite number, or {@code fallback} if the key is absent. */
  public double doubleOr(String key, double fallback) {
    return optional(key, NUMBER, ConfigJson::isFinite).map(JsonNode::doubleValue).orElse(fallback);
  }

  /** {@code true} or {@code false}, or {@code fallback} if the key is absent. */
  public boolean booleanOr(String key, boolean fallback) {
    return optional(key, "true or false", JsonNode::isBoolean)
        .map(JsonNode::booleanValue)
        .orElse(fallback);
  }

  /** A string. */
  public String requiredString(String key) {
    return required(key, TEXT, JsonNode::isTextual).textValue();
  }

  /** A string, or {@code fallback} if the key is absent. */
  public String stringOr(String key, String fallback) {
    return optional(key, TEXT, JsonNode::isTextual).map(JsonNode::textValue).orElse(fallback);
  }

  /** A list of strings, such as {@code architectures}; empty if the key is absent or null. */
  public List<String> strings(String key) {
    String expected = "a list of strings";
    return unlessNull(key, expected, JsonNode::isArray)
        .map(array -> elements(key, array, expected, JsonNode::isTextual, JsonNode::textValue))
        .orElse(List.of());
  }

  /** A list of finite numbers, such as {@code long_factor}. */
  public ImmutableDoubleArray requiredDoubles(String key) {
    String expected = "a list of numbers";
    return ImmutableDoubleArray.copyOf(
        elements(
            key,
            required(key, expected, JsonNode::isArray),
            expected,
            ConfigJson::isFinite,
            JsonNode::doubleValue));
  }

  /**
   * A whole number or a list of them, such as {@code eos_token_id}; empty if the key is absent or
   * null.
   */
  public List<Integer> intOrInts(String key) {
    String expected = "a whole number or a list of them";
    return unlessNull(key, expected, value -> value.isArray() || isInt(value))
        .map(
            value ->
                value.isArray()
                    ? elements(key, value, expected, ConfigJson::isInt, JsonNode::intValue)
                    : List.of(value.intValue()))
        .orElse(List.of());
  }

  /**
   * The object under {@code key}, such as {@code rope_parameters}; messages show its keys with
   * dots. Empty if the key is absent or null.
   */
  public Optional<ConfigJson> object(String key) {
    return unlessNull(key, "an object", JsonNode::isObject)
        .map(
            value ->
                new ConfigJson(
                    file, prefix + key + ".", (ObjectNode) value, requiredBy, nullsAbsent));
  }

  /** A list of objects, such as {@code added_tokens}; empty if the key is absent. */
  public List<ConfigJson> objects(String key) {
    List<ConfigJson> objects = new ArrayList<>();
    JsonNode array = optional(key, "a list of objects", JsonNode::isArray).orElse(json.arrayNode());
    for (JsonNode value : array) {
      String at = prefix + key + "[" + objects.size() + "]";
      if (!(value instanceof ObjectNode object)) {
        throw unexpected(key, "a list of objects");
      }
      objects.add(new ConfigJson(file, at + ".", object, requiredBy, nullsAbsent));
    }
    return objects;
  }

  /** The value of a key as messages show it. */
  public String shown(String key) {
    return StrictJson.shown(json.path(key));
  }

  /**
   * The error that {@code key} is not {@code expected}, for checks beyond the type of the value.
   *
   * @param expected a description of valid values, for example {@code one of gelu, relu}
   */
  public InvalidInputException unexpected(String key, String expected) {
    JsonNode value = json.path(key);
    return contains(key)
        ? invalid(key, "is " + StrictJson.shown(value) + "; expected " + expected)
        : invalid(key, "is missing; expected " + expected);
  }

  private JsonNode required(String key, String expected, Predicate<JsonNode> right) {
    return optional(key, expected, right)
        .orElseThrow(
            () ->
                invalid(
                    key,
                    requiredBy == null
                        ? "is missing; expected " + expected
                        : "is missing; " + requiredBy + " requires it"));
  }

  private Optional<JsonNode> unlessNull(String key, String expected, Predicate<JsonNode> right) {
    return has(key) ? optional(key, expected, right) : Optional.empty();
  }

  private Optional<JsonNode> optional(String key, String expected, Predicate<JsonNode> right) {
    if (!contains(key) || nullsAbsent && !has(key)) {
      return Optional.empty();
    }
    JsonNode value = json.get(key);
    if (!right.test(value)) {
      throw unexpected(key, expected + reason(value, expected));
    }
    return Optional.of(value);
  }

  /** Why a number that looks whole is not what is expected. */
  private static String reason(JsonNode value, String expected) {
    if (expected.startsWith(WHOLE)
        && value.isFloatingPointNumber()
        && value.doubleValue() == Math.rint(value.doubleValue())) {
      return ", written without a point or an exponent";
    }
    return (expected.equals(WHOLE) || expected.equals(POSITIVE))
            && value.isIntegralNumber()
            && !value.canConvertToInt()
        ? " of at most 32 bits"
        : "";
  }

  private <T> List<T> elements(
      String key,
      JsonNode array,
      String expected,
      Predicate<JsonNode> right,
      Function<JsonNode, T> value) {
    List<T> elements = new ArrayList<>();
    for (JsonNode element : array) {
      if (!right.test(element)) {
        throw unexpected(key, expected);
      }
      elements.add(value.apply(element));
    }
    return List.copyOf(elements);
  }

  private InvalidInputException invalid(String key, String what) {
    return new InvalidKeyException(file, prefix + key, what);
  }

  private static boolean isInt(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt();
  }

  private static boolean isLong(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong();
  }

  private static int nearestInt(JsonNode value) {
    return Ints.saturatedCast(value.longValue());
  }

  private static boolean isPositiveInt(JsonNode value) {
    return isInt(value) && value.intValue() > 0;
  }

  private static boolean isPositive(JsonNode value) {
    return isFinite(value) && value.doubleValue() > 0;
  }

  private static boolean isFinite(JsonNode value) {
    return value.isNumber() && Double.isFinite(value.doubleValue());
  }
}
