package io.github.tralign.djl.huggingface;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Reads and writes JSON strictly: UTF-8, no duplicate keys, nothing after the value. {@code NaN},
 * {@code Infinity} and {@code -Infinity} are allowed, since Python writes and reads them.
 */
final class StrictJson {
  /** No configuration file is this large. */
  private static final long LARGEST_FILE = 100_000_000;

  private static final Pattern FOR_PROGRAMMERS =
      Pattern.compile(
          ": enable `.*| \\(not recognized as one since [^)]*\\)|, from `[^`]*`"
              + "| \\(start marker at .*| \\(or 'NaN'[^)]*\\)");

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /** Reads a file that contains one JSON object. */
  static ObjectNode readObject(Path file) {
    JsonNode json;
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new InvalidInputException(
            file
                + ": is larger than "
                + LARGEST_FILE
                + " bytes; too large for a configuration file");
      }
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        json = MAPPER.readTree(reader);
      }
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(file + ": no such file", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (json.isMissingNode()) {
      throw new InvalidInputException(file + ": is empty; expected a JSON object");
    }
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw new InvalidInputException(file + ": expected a JSON object, found " + shown(json));
  }

  /** The error that {@code file} cannot be read or parsed, with line and column if known. */
  static InvalidInputException unreadable(Path file, IOException e) {
    if (e instanceof JsonProcessingException syntax) {
      JsonLocation at = syntax.getLocation();
      String where = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
      return new InvalidInputException(file + where + ": " + reason(syntax), e);
    }
    if (e instanceof CharacterCodingException) {
      return new InvalidInputException(file + ": is not valid UTF-8", e);
    }
    return new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
  }

  /** The parser's message on one line, without its hints for programmers. */
  static String reason(JsonProcessingException syntax) {
    String reason = syntax.getOriginalMessage().lines().findFirst().orElse("");
    return "not valid JSON: " + Excerpt.plain(FOR_PROGRAMMERS.matcher(reason).replaceAll(""));
  }

  /** The value as JSON, shortened for a message. */
  static String shown(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> value.size() > 8 ? "an array of " + value.size() + " values" : cut(value);
      default -> cut(value);
    };
  }

  private static String cut(JsonNode value) {
    return Excerpt.plain(text(MAPPER.writer(), value));
  }

  private static String text(ObjectWriter writer, JsonNode json) {
    try {
      return writer.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON", e);
    }
  }

  /**
   * The bytes of {@code json}, formatted as by Hugging Face tools: indented by two spaces, with LF.
   */
  static byte[] pretty(JsonNode json) {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(separators).withObjectIndenter(indent).withArrayIndenter(indent);
    return (text(MAPPER.writer(printer), json) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
