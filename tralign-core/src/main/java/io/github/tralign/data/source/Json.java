package io.github.tralign.data.source;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * JSON of data files: allows {@code NaN} and {@code Infinity}, as written by Python, since they may
 * be in columns that are not read; rejects duplicate names in an object; allows long texts.
 */
final class Json {

  /** The maximum number of digits that Python accepts. */
  private static final int MAX_DIGITS = 4300;

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .disable(
                      StreamReadFeature.AUTO_CLOSE_SOURCE) // closed later, after computing the hash
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(TextValues.MAX_CHARS)
                          .maxNumberLength(MAX_DIGITS)
                          .build())
                  .build())
          .build();

  private static final Pattern UNKNOWN_WORD = Pattern.compile("^Unrecognized token '[^']*'");

  /** Advice to programmers in Jackson's messages. */
  private static final Pattern ADVICE =
      Pattern.compile(
          ",? from `[^`]*`| \\(or 'NaN'[^)]*\\)|: enable `[^`]*` to allow|: maybe a \\(non-standard\\) comment\\?.*");

  private Json() {}

  /** Jackson's message without the row's text and without advice to programmers. */
  static String explain(JsonProcessingException e) {
    String words = String.valueOf(e.getOriginalMessage()).replaceAll("\\s+", " ");
    if (words.startsWith("String value length")) {
      return "a text is " + TextValues.TOO_LONG;
    }
    String told =
        UNKNOWN_WORD.matcher(ADVICE.matcher(words).replaceAll("")).replaceFirst("unknown word");
    return told + hint(told);
  }

  /** A hint about the most likely cause of an unexpected character. */
  private static String hint(String told) {
    boolean inNames = told.contains("to start field name");
    if (told.startsWith("Unexpected character ('}'") && inNames
        || told.startsWith("Unexpected character (']'")
            && told.contains("expected a valid value")) {
      return " (is there an extra comma before it?)";
    }
    return told.startsWith("Unexpected character ('\''") ? " (JSON requires double quotes)" : "";
  }

  /** Whether the text ended inside a value. */
  static boolean endsEarly(JsonProcessingException e) {
    return e instanceof JsonEOFException;
  }

  /** The type of a value, for messages. */
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
