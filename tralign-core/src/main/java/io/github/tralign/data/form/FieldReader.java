package io.github.tralign.data.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.source.DataRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Typed access to the fields of a record; a missing field or a wrong type is an error with a
 * complete message. A null field counts as missing.
 */
final class FieldReader {

  private static final int NAMED = 12; // enough to recognise a data set, at most two lines

  private final JsonNode row;
  private final String path; // path of the object in its record: "completions[2]."
  private final String origin;
  private final boolean untyped;
  private final Roles roles;
  private final Set<String> read = new HashSet<>();

  FieldReader(DataRecord record, Roles roles) {
    this(record.fields(), "", record.origin(), record.untyped(), roles);
  }

  private FieldReader(JsonNode row, String path, String origin, boolean untyped, Roles roles) {
    this.row = row;
    this.path = path;
    this.origin = origin;
    this.untyped = untyped;
    this.roles = roles;
  }

  private FieldReader inner(JsonNode value, String name) {
    return new FieldReader(value, name, origin, untyped, roles);
  }

  String origin() {
    return origin;
  }

  Roles roles() {
    return roles;
  }

  boolean has(String field) {
    return row.hasNonNull(field);
  }

  /** Whether there is a non-empty value: an empty text, list or object counts as empty. */
  boolean says(String field) {
    JsonNode value = row.path(field);
    return has(field)
        && !(value.isTextual() && value.textValue().isEmpty())
        && !(value.isContainerNode() && value.isEmpty());
  }

  /** Whether a field with a list or an object, or its JSON text, is not empty. */
  boolean hasElements(String field) {
    return says(field) && !PlainValues.isTextOfNone(row.path(field));
  }

  /** The non-empty fields that were not read. */
  ImmutableList<String> unread() {
    return row.properties().stream()
        .map(Map.Entry::getKey)
        .filter(name -> !read.contains(name) && says(name))
        .collect(ImmutableList.toImmutableList());
  }

  boolean hasText(String field) {
    return row.path(field).isTextual();
  }

  boolean contains(String field, String part) {
    return hasText(field) && row.path(field).textValue().contains(part);
  }

  boolean hasList(String field) {
    return row.path(field).isArray();
  }

  boolean hasObject(String field) {
    return row.path(field).isObject();
  }

  /** The value, possibly null, of an existing field; marks the field as read. */
  private JsonNode value(String field) throws InvalidRowException {
    read.add(field);
    JsonNode value = row.get(field);
    if (value == null) {
      throw invalid(
          DropReason.FIELD,
          field,
          "is missing; " + (path.isEmpty() ? "the row" : "it") + " has " + names());
    }
    PlainValues.requireValid(value, path + field);
    return value;
  }

  String text(String field) throws InvalidRowException {
    JsonNode value = value(field);
    if (!value.isTextual()) {
      throw wrongType(field, value, "a text");
    }
    return PlainValues.text(value.textValue(), path + field);
  }

  /** The text of a completion: at least one character; white space counts. */
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

  /** A boolean, or 1 or 0. */
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

  /** The error of a field whose value is not what is expected. */
  InvalidRowException wrongType(String field, String expected) {
    return wrongType(field, row.path(field), expected);
  }

  FieldReader object(String field) throws InvalidRowException {
    JsonNode value = value(field);
    if (!value.isObject()) {
      throw wrongType(field, value, "an object");
    }
    return inner(value, path + field + ".");
  }

  /** The objects of a list, or a single object. */
  ImmutableList<FieldReader> objects(String field) throws InvalidRowException {
    JsonNode value = value(field);
    if (value.isObject()) {
      return ImmutableList.of(object(field));
    }
    ImmutableList.Builder<FieldReader> objects = ImmutableList.builder();
    for (int i = 0; i < list(field, "a list of objects").size(); i++) {
      String name = field + "[" + i + "]";
      if (!value.get(i).isObject()) {
        throw wrongType(name, value.get(i), "an object");
      }
      objects.add(inner(value.get(i), path + name + "."));
    }
    return objects.build();
  }

  /** The elements of a list as fields named by their index: {@code [0]}. */
  FieldReader elements(String field) throws InvalidRowException {
    ObjectNode elements = ((ObjectNode) row).objectNode();
    JsonNode list = list(field, "a list");
    for (int i = 0; i < list.size(); i++) {
      elements.set("[" + i + "]", list.get(i));
    }
    return inner(elements, path + field);
  }

  int size() {
    return row.size();
  }

  /** All fields except some, as plain Java values; null fields are omitted. */
  ImmutableMap<String, Object> plain(Set<String> without) throws InvalidRowException {
    return PlainValues.fields(row, without, path);
  }

  /** A list as plain Java values; some tables contain it as JSON text. */
  List<?> plainList(String field) throws InvalidRowException {
    return PlainValues.list(value(field), path + field);
  }

  /** An object as plain Java values; some tables contain it as JSON text. */
  ImmutableMap<String, Object> plainObject(String field) throws InvalidRowException {
    return PlainValues.object(value(field), path + field);
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

  /** The names of the columns, as in {@code 'prompt' (a text), 'chosen' (a list)}. */
  String described() {
    return named(
        field -> "'" + field.getKey() + "' (" + nameOf(field.getValue()) + ")", "no column");
  }

  private JsonNode list(String field, String expected) throws InvalidRowException {
    JsonNode value = value(field);
    if (!value.isArray()) {
      throw wrongType(field, value, expected);
    }
    return value;
  }

  private String names() {
    return named(field -> "'" + field.getKey() + "'", "no field");
  }

  private String named(Function<Map.Entry<String, JsonNode>, String> name, String none) {
    String names =
        row.properties().stream().limit(NAMED).map(name).collect(Collectors.joining(", "));
    return row.isEmpty()
        ? none
        : names + (row.size() > NAMED ? " and " + (row.size() - NAMED) + " more" : "");
  }

  static String nameOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> "null";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      case BINARY -> "bytes";
      default -> value.getNodeType().toString().toLowerCase(Locale.ROOT);
    };
  }
}
