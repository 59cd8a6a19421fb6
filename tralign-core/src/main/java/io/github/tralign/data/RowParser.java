package io.github.tralign.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads one line of a data file as a preference pair. */
final class RowParser {

  /** What a whole dialogue's last completion stands behind, in the form of Anthropic's HH data. */
  static final String ASSISTANT = "\n\nAssistant:";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private RowParser() {}

  /** Reads a row with a prompt, or a row of two whole dialogues. */
  static TextPair parse(String line, String origin) throws InvalidRowException {
    JsonNode row = json(line);
    if (!row.isObject()) {
      throw new InvalidRowException(
          DropReason.JSON, "expected a JSON object on each line, found " + nameOf(row));
    }
    String chosen = text(row, "chosen");
    String rejected = text(row, "rejected");
    if (!row.has("prompt")) {
      return dialogues(chosen, rejected, origin);
    }
    String prompt = text(row, "prompt");
    return pair(prompt, chosen, rejected, "field '%s' is an empty text", origin);
  }

  private static TextPair dialogues(String chosen, String rejected, String origin)
      throws InvalidRowException {
    int cut = endOfPrompt(chosen, "chosen");
    int rejectedCut = endOfPrompt(rejected, "rejected");
    String prompt = chosen.substring(0, cut);
    if (cut != rejectedCut || !rejected.startsWith(prompt)) {
      throw new InvalidRowException(
          DropReason.PROMPTS_DIFFER,
          "the prompts of 'chosen' and 'rejected' differ; both dialogues must be the same up to"
              + " the last \"\\n\\nAssistant:\"");
    }
    return pair(
        prompt,
        chosen.substring(cut),
        rejected.substring(cut),
        "in field '%s' nothing follows the last \"\\n\\nAssistant:\"",
        origin);
  }

  private static int endOfPrompt(String dialogue, String field) throws InvalidRowException {
    int marker = dialogue.lastIndexOf(ASSISTANT);
    if (marker < 0) {
      throw new InvalidRowException(
          DropReason.NO_ASSISTANT_TURN,
          String.format(
              "field '%s' holds no \"\\n\\nAssistant:\"; without a field 'prompt' it must be a"
                  + " whole dialogue",
              field));
    }
    return marker + ASSISTANT.length();
  }

  private static TextPair pair(
      String prompt, String chosen, String rejected, String emptyMessage, String origin)
      throws InvalidRowException {
    String empty = chosen.isEmpty() ? "chosen" : rejected.isEmpty() ? "rejected" : "";
    if (!empty.isEmpty()) {
      throw new InvalidRowException(
          DropReason.EMPTY_COMPLETION,
          String.format(emptyMessage, empty) + "; a completion needs at least one character");
    }
    return new TextPair(prompt, chosen, rejected, origin);
  }

  private static JsonNode json(String line) throws InvalidRowException {
    try (JsonParser parser = JSON.createParser(line)) {
      JsonNode row = JSON.readTree(parser);
      if (parser.nextToken() != null) {
        throw new InvalidRowException(
            DropReason.JSON,
            "not valid JSON: more than one value on the line, at column "
                + parser.currentTokenLocation().getColumnNr());
      }
      return row;
    } catch (JsonProcessingException e) {
      throw new InvalidRowException(DropReason.JSON, "not valid JSON: " + explain(e));
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail to be read", e);
    }
  }

  private static String explain(JsonProcessingException e) {
    // Jackson's own text for an early end quotes a source that is not shown.
    String what =
        e instanceof JsonEOFException
            ? "the line ends inside of a value (each row must be on one line)"
            : e.getOriginalMessage().replaceAll("\\s+", " ");
    return e.getLocation() == null ? what : what + ", at column " + e.getLocation().getColumnNr();
  }

  private static String text(JsonNode row, String field) throws InvalidRowException {
    JsonNode value = row.get(field);
    if (value == null) {
      throw new InvalidRowException(
          DropReason.FIELD,
          "field '" + field + "' is missing; the row has " + fieldsOf(row) + hint(row));
    }
    if (value.isArray()) {
      throw new InvalidRowException(
          DropReason.FIELD,
          "field '"
              + field
              + "' is a list; conversations as lists of messages are not read yet: expected a"
              + " text, rendered with the model's chat template");
    }
    if (!value.isTextual()) {
      throw new InvalidRowException(
          DropReason.FIELD, "field '" + field + "' is " + nameOf(value) + "; expected a text");
    }
    String text = value.textValue();
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new InvalidRowException(
          DropReason.ENCODING,
          "field '" + field + "' holds half a surrogate pair, which is not a character");
    }
    return text;
  }

  private static String fieldsOf(JsonNode row) {
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

  private static String hint(JsonNode row) {
    return row.has("messages")
        ? "; conversations as lists of messages are not read yet"
        : "; expected 'prompt', 'chosen' and 'rejected', or two whole dialogues";
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
