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
 * Decodes values of a record from bytes, for formats that store texts separately. An invalid value
 * is reported when it is used, see {@link InvalidText}.
 */
public final class TextValues {

  /**
   * Maximum number of characters of a text; more than any model accepts, but possible to tokenize.
   */
  static final int MAX_CHARS = 16_000_000;

  private static final int MAX_BYTES_OF_CHAR = 3; // bytes of UTF-8 per UTF-16 unit

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

  /** The value of a JSON text in strict UTF-8. */
  public static JsonNode json(ByteBuffer bytes) {
    JsonNode text = utf8(bytes);
    return text instanceof InvalidText ? text : json(text.textValue());
  }

  /** The value of a JSON text. */
  public static JsonNode json(String text) {
    requireNonNull(text, "text");
    try (JsonParser parser = Json.MAPPER.createParser(text)) {
      JsonNode value = Json.MAPPER.readTree(parser); // null if the text is blank
      return value != null && parser.nextToken() == null
          ? value
          : invalidJson(text, value == null ? "no value" : "more than one value");
    } catch (JsonProcessingException e) {
      return invalidJson(text, Json.endsEarly(e) ? "it ends inside a value" : Json.explain(e));
    } catch (IOException e) {
      throw new UncheckedIOException("a text cannot fail to be read", e);
    }
  }

  private static InvalidText invalidJson(String text, String why) {
    return new InvalidText(
        text,
        InvalidRecordException.Kind.SYNTAX,
        "is not valid JSON, although its column has this type: " + why);
  }

  private static InvalidText tooLong() {
    return new InvalidText("", InvalidRecordException.Kind.SYNTAX, "is " + TOO_LONG);
  }

  /** The message for a longer text. */
  static final String TOO_LONG = "longer than 16,000,000 characters, the maximum for a text";
}
