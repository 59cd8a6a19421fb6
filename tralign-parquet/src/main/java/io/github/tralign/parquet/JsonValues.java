package io.github.tralign.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** What columns hold, as JSON. Bytes stay bytes; dates, times and identifiers become their text. */
final class JsonValues {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private JsonValues() {}

  static ObjectNode object(Map<?, ?> fields) {
    ObjectNode object = JSON.objectNode();
    fields.forEach((name, value) -> object.set(String.valueOf(name), value(value)));
    return object;
  }

  private static JsonNode value(@Nullable Object value) {
    if (value == null) {
      return JSON.nullNode();
    }
    if (value instanceof Boolean truth) {
      return JSON.booleanNode(truth);
    }
    if (value instanceof Number number) {
      return number(number);
    }
    if (value instanceof Map<?, ?> fields) {
      return object(fields);
    }
    if (value instanceof Collection<?> elements) {
      ArrayNode list = JSON.arrayNode(elements.size());
      elements.forEach(element -> list.add(value(element)));
      return list;
    }
    if (value instanceof Binary bytes) {
      return JSON.binaryNode(bytes.getBytes());
    }
    return JSON.textNode(value.toString());
  }

  private static JsonNode number(Number number) {
    if (number instanceof Double || number instanceof Float) {
      return JSON.numberNode(number.doubleValue());
    }
    return number instanceof BigDecimal decimal
        ? JSON.numberNode(decimal)
        : JSON.numberNode(number.longValue());
  }
}
