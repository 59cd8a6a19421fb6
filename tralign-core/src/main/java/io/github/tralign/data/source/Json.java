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
 * JSON as data files hold it: with {@code NaN} and {@code Infinity}, as Python writes them, since a
 * column that nobody reads may have them; a name twice in an object is refused, texts may be long.
 */
final class Json {

  /** As many as Python reads of a number. */
  private static final int MAX_DIGITS = 4300;

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .disable(StreamReadFeature.AUTO_CLOSE_SOURCE) // its hash is asked for later
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(TextValues.MAX_CHARS)
                          .maxNumberLength(MAX_DIGITS)
                          .build())
                  .build())
          .build();

  private static final Pattern UNKNOWN_WORD = Pattern.compile("^Unrecognized token '[^']*'");

  /** What a programmer could set to have it read. */
  private static final Pattern ADVICE =
      Pattern.compile(
          ",? from `[^`]*`| \\(or 'NaN'[^)]*\\)|: enable `[^`]*` to allow|: maybe a \\(non-standard\\) comment\\?.*");

  private Json() {}

  /** What is wrong, without the row's text and the advice to programmers in Jackson's own words. */
  static String explain(JsonProcessingException e) {
    String words = String.valueOf(e.getOriginalMessage()).replaceAll("\\s+", " ");
    if (words.startsWith("String value length")) {
      return "a text is " + TextValues.TOO_LONG;
    }
    String told =
        UNKNOWN_WORD.matcher(ADVICE.matcher(words).replaceAll("")).replaceFirst("unknown word");
    return told + hint(told);
  }

  /** What people most often mean by a character that is not expected. */
  private static String hint(String told) {
    boolean inNames = told.contains("to start field name");
    if (told.startsWith("Unexpected character ('}'") && inNames
        || told.startsWith("Unexpected character (']'")
            && told.contains("expected a valid value")) {
      return " (a comma too many before it?)";
    }
    return told.startsWith("Unexpected character ('\''")
        ? " (JSON has names and texts in double quotes)"
        : "";
  }

  /** Whether the text ended inside of a value. */
  static boolean endsEarly(JsonProcessingException e) {
    return e instanceof JsonEOFException;
  }

  /** What a value is, in words. */
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
