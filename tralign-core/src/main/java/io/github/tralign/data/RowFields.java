package io.github.tralign.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The fields of a row by type; what is missing or of another type is told in a sentence. */
final class RowFields {

  private final JsonNode row;

  RowFields(JsonNode row) throws InvalidRowException {
    if (!row.isObject()) {
      throw new InvalidRowException(
          DropReason.JSON, "expected a JSON object on each line, found " + nameOf(row));
    }
    this.row = row;
  }

  boolean has(String field) {
    return row.has(field);
  }

  String text(String field) throws InvalidRowException {
    JsonNode value = present(field);
    if (value.isArray()) {
      throw new InvalidRowException(
          DropReason.FIELD,
          "field '"
              + field
              + "' is a list; conversations as lists of messages are not read yet: expected a"
              + " text, rendered with the model's chat template");
    }
    if (!value.isTextual()) {
      throw wrongType(field, value, "a text");
    }
    String text = value.textValue();
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new InvalidRowException(
          DropReason.ENCODING,
          "field '" + field + "' holds half a surrogate pair, which is not a character");
    }
    return text;
  }

  double number(String field) throws InvalidRowException {
    JsonNode value = present(field);
    if (!value.isNumber()) {
      throw wrongType(field, value, "a number");
    }
    return value.doubleValue();
  }

  boolean truth(String field) throws InvalidRowException {
    JsonNode value = present(field);
    if (!value.isBoolean()) {
      throw wrongType(field, value, "true or false");
    }
    return value.booleanValue();
  }

  private JsonNode present(String field) throws InvalidRowException {
    JsonNode value = row.get(field);
    if (value == null) {
      throw new InvalidRowException(
          DropReason.FIELD, "field '" + field + "' is missing; the row has " + names() + hint());
    }
    return value;
  }

  private static InvalidRowException wrongType(String field, JsonNode value, String expected) {
    return new InvalidRowException(
        DropReason.FIELD, "field '" + field + "' is " + nameOf(value) + "; expected " + expected);
  }

  private String names() {
    if (row.isEmpty()) {
      return "no field";
    }
    StringBuilder names = new StringBuilder();
    row.fieldNames()
        .forEachRemaining(
            name ->
                names.append(names.isEmpty() ? "" : ", ").append('\'').append(name).append('\''));
    return names.toString();
  }

  private String hint() {
    return row.has("messages")
        ? "; conversations as lists of messages are not read yet"
        : "; expected 'prompt', 'chosen' and 'rejected', two whole dialogues, or 'prompt',"
            + " 'completion' and 'label'";
  }

  private static String nameOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> "null";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      default -> value.getNodeType().toString().toLowerCase(Locale.ROOT);
    };
  }
}
