package io.github.tralign.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Typed access to the fields of a request; a null field counts as missing. */
record RequestFields(ObjectNode json) {

  /** Rejects half of a surrogate pair, which is not a character, in any text. */
  void requireCharacters() {
    json.properties().forEach(it -> requireCharacters(it.getKey(), it.getKey(), it.getValue()));
  }

  private static void requireCharacters(String field, String path, JsonNode value) {
    if (value.isTextual() && !StandardCharsets.UTF_8.newEncoder().canEncode(value.textValue())) {
      throw ApiException.invalid(
          field, "'" + path + "' contains an unpaired surrogate, which is not a character");
    }
    for (int i = 0; i < value.size() && value.isArray(); i++) {
      requireCharacters(field, path + "[" + i + "]", value.get(i));
    }
    value
        .properties()
        .forEach(it -> requireCharacters(field, path + "." + it.getKey(), it.getValue()));
  }

  boolean has(String field) {
    return json.hasNonNull(field);
  }

  JsonNode get(String field) {
    return json.path(field);
  }

  OptionalInt integer(String field, int least, int most) {
    if (!has(field)) {
      return OptionalInt.empty();
    }
    JsonNode value = get(field);
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      throw invalid(field, "a whole number from " + least + " to " + most);
    }
    return OptionalInt.of(value.intValue());
  }

  OptionalLong longInteger(String field) {
    if (!has(field)) {
      return OptionalLong.empty();
    }
    if (!get(field).isIntegralNumber() || !get(field).canConvertToLong()) {
      throw invalid(field, "a whole number of at most 64 bits");
    }
    return OptionalLong.of(get(field).longValue());
  }

  /** A number in a range, whose lower end may be excluded. */
  OptionalDouble number(String field, double least, boolean open, double most) {
    if (!has(field)) {
      return OptionalDouble.empty();
    }
    JsonNode value = get(field);
    double number = value.doubleValue();
    if (!value.isNumber()
        || !Double.isFinite(number)
        || number > most
        || !(open ? number > least : number >= least)) {
      String range = (open ? "above " : "from ") + least + (most < 1e9 ? " to " + most : "");
      throw invalid(field, "a number " + range);
    }
    return OptionalDouble.of(number);
  }

  boolean truth(String field) {
    if (has(field) && !get(field).isBoolean()) {
      throw invalid(field, "true or false");
    }
    return get(field).asBoolean(false);
  }

  /** A text or a list of texts, none of them empty. */
  List<String> texts(String field, int most) {
    List<String> texts = new ArrayList<>();
    if (has(field)) {
      JsonNode value = get(field);
      for (JsonNode text : value.isArray() ? value : json.arrayNode().add(value)) {
        if (!text.isTextual() || text.textValue().isEmpty()) {
          throw invalid(field, "a text or a list of texts that are not empty");
        }
        texts.add(text.textValue());
      }
      if (texts.size() > most) {
        throw invalid(field, "at most " + most + " texts");
      }
    }
    return texts;
  }

  ApiException invalid(String field, String expected) {
    return has(field)
        ? ApiException.invalid(field, "'" + field + "' is invalid; expected " + expected)
        : ApiException.invalid(field, "'" + field + "' is missing; expected " + expected);
  }
}
