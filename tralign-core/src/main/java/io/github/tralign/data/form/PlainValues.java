package io.github.tralign.data.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.source.InvalidRecordException;
import io.github.tralign.data.source.InvalidText;
import io.github.tralign.data.source.TextValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON as plain Java values: texts, numbers, booleans, lists and maps of them. */
final class PlainValues {

  private PlainValues() {}

  /** The fields of an object; null fields are omitted, since in a table a missing value is null. */
  static ImmutableMap<String, Object> fields(JsonNode object, Set<String> without, String path)
      throws InvalidRowException {
    ImmutableMap.Builder<String, Object> fields = ImmutableMap.builder();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      Object value = of(field.getValue(), path + field.getKey());
      if (value != null && !without.contains(field.getKey())) {
        fields.put(text(field.getKey(), path), value);
      }
    }
    return fields.buildOrThrow();
  }

  /** A text without unpaired surrogates. */
  static String text(String text, String path) throws InvalidRowException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new InvalidRowException(
          DropReason.ENCODING,
          "field '" + path + "' contains an unpaired surrogate, which is not a character");
    }
    return text;
  }

  /** A list, or the JSON text of one, which may also be null or blank. */
  static List<?> list(JsonNode value, String path) throws InvalidRowException {
    JsonNode list = parsed(value);
    if (list.isNull()) {
      return List.of();
    }
    if (!list.isArray()) {
      throw wrongType(value, path, "a list");
    }
    return elements(list, path);
  }

  /** An object, or the JSON text of one. */
  static ImmutableMap<String, Object> object(JsonNode value, String path)
      throws InvalidRowException {
    JsonNode object = parsed(value);
    if (object.isNull()) {
      return ImmutableMap.of();
    }
    if (!object.isObject()) {
      throw wrongType(value, path, "an object");
    }
    return fields(object, Set.of(), path + ".");
  }

  /** Whether a value is the JSON text of an empty list or object or of null, or blank. */
  static boolean isTextOfNone(JsonNode value) {
    JsonNode parsed = parsed(value);
    return value.isTextual() && (parsed.isNull() || parsed.isContainerNode() && parsed.isEmpty());
  }

  private static JsonNode parsed(JsonNode value) {
    if (!value.isTextual()) {
      return value;
    }
    return value.textValue().isBlank()
        ? NullNode.getInstance()
        : TextValues.json(value.textValue());
  }

  private static InvalidRowException wrongType(JsonNode value, String path, String expected) {
    return new InvalidRowException(
        DropReason.FIELD,
        "field '" + path + "' is " + FieldReader.nameOf(value) + "; expected " + expected);
  }

  /** Checks that a value is valid text or a finite number. */
  static void requireValid(JsonNode value, String path) throws InvalidRowException {
    if (value instanceof InvalidText text) {
      throw new InvalidRowException(
          text.kind() == InvalidRecordException.Kind.ENCODING
              ? DropReason.ENCODING
              : DropReason.FIELD,
          "field '" + path + "' " + text.problem());
    }
    if (value.isNumber() && !Double.isFinite(value.doubleValue()) && !value.isBigInteger()) {
      throw new InvalidRowException(
          DropReason.FIELD, "field '" + path + "' is not a finite number");
    }
  }

  private static @Nullable Object of(JsonNode value, String path) throws InvalidRowException {
    requireValid(value, path);
    return switch (value.getNodeType()) {
      case STRING -> text(value.textValue(), path);
      case NUMBER -> value.numberValue();
      case BOOLEAN -> value.booleanValue();
      case ARRAY -> elements(value, path);
      case OBJECT -> map(value, path);
      case NULL, MISSING -> null;
      case BINARY, POJO ->
          throw new InvalidRowException(
              DropReason.FIELD,
              "field '"
                  + path
                  + "' contains binary data; expected texts, numbers, lists or objects");
    };
  }

  private static List<@Nullable Object> elements(JsonNode array, String path)
      throws InvalidRowException {
    List<@Nullable Object> list = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      list.add(of(element, path + "[" + list.size() + "]"));
    }
    return Collections.unmodifiableList(list);
  }

  private static Map<String, @Nullable Object> map(JsonNode object, String path)
      throws InvalidRowException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      map.put(text(field.getKey(), path), of(field.getValue(), path + "." + field.getKey()));
    }
    return Collections.unmodifiableMap(map);
  }
}
