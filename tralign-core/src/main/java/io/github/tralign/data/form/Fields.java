package io.github.tralign.data.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.DropReason;
import io.github.tralign.data.InvalidRowException;
import io.github.tralign.data.source.DataRecord;
import java.util.Locale;
import java.util.Set;

/**
 * The fields of a record by type; what is missing or of another type is told in a sentence. A field
 * that is null counts as missing where it may be.
 */
final class Fields {

  private final JsonNode row;
  private final String path; // of the object inside of its record: "completions[2]."
  private final String origin;
  private final boolean untyped;

  Fields(DataRecord record) {
    this(record.fields(), "", record.origin(), record.untyped());
  }

  private Fields(JsonNode row, String path, String origin, boolean untyped) {
    this.row = row;
    this.path = path;
    this.origin = origin;
    this.untyped = untyped;
  }

  String origin() {
    return origin;
  }

  boolean has(String field) {
    return row.hasNonNull(field);
  }

  boolean hasText(String field) {
    return row.path(field).isTextual();
  }

  boolean hasList(String field) {
    return row.path(field).isArray();
  }

  boolean hasObject(String field) {
    return row.path(field).isObject();
  }

  /** The value, which is there though it may be null. */
  JsonNode value(String field) throws InvalidRowException {
    JsonNode value = row.get(field);
    if (value == null) {
      throw invalid(
          DropReason.FIELD,
          field,
          "is missing; " + (path.isEmpty() ? "the row" : "it") + " has " + names());
    }
    return value;
  }

  String text(String field) throws InvalidRowException {
    JsonNode value = value(field);
    if (!value.isTextual()) {
      throw wrongType(field, value, "a text");
    }
    return PlainValues.text(value.textValue(), path + field);
  }

  /** A text that a policy is to write: of one character at least, blanks count. */
  String completion(String field) throws InvalidRowException {
    String text = text(field);
    if (text.isEmpty()) {
      throw invalid(
          DropReason.EMPTY_COMPLETION,
          field,
          "is an empty text; a completion needs at least one character");
    }
    return text;
  }

  /** A finite number. */
  double number(String field) throws InvalidRowException {
    JsonNode value = value(field);
    if (!value.isNumber() && !(untyped && value.isTextual())) {
      throw wrongType(field, value, "a number");
    }
    double number;
    try {
      number = value.isNumber() ? value.doubleValue() : Double.parseDouble(value.textValue());
    } catch (NumberFormatException e) {
      throw invalid(DropReason.FIELD, field, "is '" + value.asText() + "'; expected a number");
    }
    if (!Double.isFinite(number)) {
      throw invalid(DropReason.FIELD, field, "is not a finite number");
    }
    return number;
  }

  /** A truth value, or 1 or 0 in its place. */
  boolean truth(String field) throws InvalidRowException {
    JsonNode value = value(field);
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    String text = untyped || value.isNumber() ? value.asText() : nameOf(value);
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "1.0" -> true;
      case "false", "0", "0.0" -> false;
      default ->
          throw invalid(
              DropReason.FIELD, field, "is " + text + "; expected true or false, or 1 or 0");
    };
  }

  Fields object(String field) throws InvalidRowException {
    JsonNode value = value(field);
    if (!value.isObject()) {
      throw wrongType(field, value, "an object");
    }
    return new Fields(value, path + field + ".", origin, untyped);
  }

  /** Objects of a list, or a single object. */
  ImmutableList<Fields> objects(String field) throws InvalidRowException {
    JsonNode value = value(field);
    if (value.isObject()) {
      return ImmutableList.of(object(field));
    }
    ImmutableList.Builder<Fields> objects = ImmutableList.builder();
    for (int i = 0; i < list(field, "a list of objects").size(); i++) {
      String name = field + "[" + i + "]";
      if (!value.get(i).isObject()) {
        throw wrongType(name, value.get(i), "an object");
      }
      objects.add(new Fields(value.get(i), path + name + ".", origin, untyped));
    }
    return objects.build();
  }

  /** The elements of a list, each as a field of its own that is named by its place: {@code 0}. */
  Fields elements(String field) throws InvalidRowException {
    ObjectNode elements = ((ObjectNode) row).objectNode();
    JsonNode list = list(field, "a list");
    for (int i = 0; i < list.size(); i++) {
      elements.set("[" + i + "]", list.get(i));
    }
    return new Fields(elements, path + field, origin, untyped);
  }

  int size() {
    return row.size();
  }

  /** All fields but some, as a program's own values; those that are null are left out. */
  ImmutableMap<String, Object> plain(Set<String> without) throws InvalidRowException {
    return PlainValues.fields(row, without, path);
  }

  /** A list as a program's own values; some tables hold it as its JSON text. */
  Object plainList(String field) throws InvalidRowException {
    return PlainValues.list(value(field), path + field);
  }

  /** The record as JSON, on one line. */
  String json() {
    return row.toString();
  }

  InvalidRowException invalid(DropReason reason, String field, String what) {
    return new InvalidRowException(reason, "field '" + path + field + "' " + what);
  }

  InvalidRowException wrongType(String field, JsonNode value, String expected) {
    return invalid(DropReason.FIELD, field, "is " + nameOf(value) + "; expected " + expected);
  }

  /** The names of all columns, as in {@code 'prompt' (a text), 'chosen' (a list)}. */
  String described() {
    StringBuilder names = new StringBuilder();
    row.properties()
        .forEach(
            field ->
                names
                    .append(names.isEmpty() ? "'" : ", '")
                    .append(field.getKey())
                    .append("' (")
                    .append(nameOf(field.getValue()))
                    .append(')'));
    return names.isEmpty() ? "no column" : names.toString();
  }

  private JsonNode list(String field, String expected) throws InvalidRowException {
    JsonNode value = value(field);
    if (!value.isArray()) {
      throw wrongType(field, value, expected);
    }
    return value;
  }

  private String names() {
    StringBuilder names = new StringBuilder();
    row.fieldNames()
        .forEachRemaining(
            name ->
                names.append(names.isEmpty() ? "" : ", ").append('\'').append(name).append('\''));
    return names.isEmpty() ? "no field" : names.toString();
  }

  static String nameOf(JsonNode value) {
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
