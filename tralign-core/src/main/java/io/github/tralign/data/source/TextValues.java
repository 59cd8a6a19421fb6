package io.github.tralign.data.source;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Values of a record out of bytes, for formats that hold texts value by value. What is wrong with a
 * value is told when it is read, see {@link InvalidText}.
 */
public final class TextValues {

  /** Characters of a text; more than any model takes, and little enough to be encoded. */
  static final int MAX_CHARS = 16_000_000;

  private static final int MAX_BYTES_OF_CHAR = 3; // of UTF-8 for each UTF-16 unit

  private TextValues() {}

  /** A text of strict UTF-8, of at most 16,000,000 characters. */
  public static JsonNode utf8(ByteBuffer bytes) {
    if (bytes.remaining() > MAX_BYTES_OF_CHAR * MAX_CHARS) {
      return tooLong();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
      return text.length() > MAX_CHARS ? tooLong() : TextNode.valueOf(text);
    } catch (CharacterCodingException e) {
      return new InvalidText(
          StandardCharsets.UTF_8.decode(bytes.duplicate()).toString(),
          InvalidRecordException.Kind.ENCODING,
          "is not valid UTF-8");
    }
  }

  /** The value that a text of JSON in strict UTF-8 holds. */
  public static JsonNode json(ByteBuffer bytes) {
    JsonNode text = utf8(bytes);
    return text instanceof InvalidText ? text : json(text.textValue());
  }

  /** The value that a text of JSON holds. */
  public static JsonNode json(String text) {
    requireNonNull(text, "text");
    try (JsonParser parser = Json.MAPPER.createParser(text)) {
      JsonNode value = Json.MAPPER.readTree(parser); // null where there is nothing but blanks
      return value != null && parser.nextToken() == null
          ? value
          : invalidJson(text, value == null ? "no value" : "more than one value");
    } catch (JsonProcessingException e) {
      return invalidJson(text, Json.endsEarly(e) ? "it ends inside of a value" : Json.explain(e));
    } catch (IOException e) {
      throw new UncheckedIOException("a text cannot fail to be read", e);
    }
  }

  private static InvalidText invalidJson(String text, String why) {
    return new InvalidText(
        text,
        InvalidRecordException.Kind.SYNTAX,
        "is not valid JSON, which its column holds: " + why);
  }

  private static InvalidText tooLong() {
    return new InvalidText("", InvalidRecordException.Kind.SYNTAX, "is " + TOO_LONG);
  }

  /** What is said of a longer text. */
  static final String TOO_LONG = "longer than 16,000,000 characters, the most that a text may have";
}
