package io.github.tralign.data.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import java.util.regex.Pattern;

/** JSON as data files hold it: a name twice in an object is refused, texts may be long. */
final class Json {

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.AUTO_CLOSE_SOURCE) // its hash is asked for later
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(LineReader.MAX_LINE_BYTES)
                          .build())
                  .build())
          .build();

  private static final Pattern UNKNOWN_WORD = Pattern.compile("^Unrecognized token '[^']*'");

  private Json() {}

  /** What is wrong, without the text of the row that Jackson's own words quote. */
  static String explain(JsonProcessingException e) {
    String words = e.getOriginalMessage().replaceAll("\\s+", " ");
    return UNKNOWN_WORD.matcher(words).replaceFirst("unknown word");
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
