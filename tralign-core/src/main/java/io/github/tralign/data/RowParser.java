package io.github.tralign.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads one line of a data file as a row. */
final class RowParser {

  /** What a whole dialogue's last completion stands behind, in the form of Anthropic's HH data. */
  static final String ASSISTANT = "\n\nAssistant:";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private RowParser() {}

  /** Reads a pair with a prompt, a pair of two whole dialogues, or a labelled completion. */
  static TextRow parse(String line, String origin) throws InvalidRowException {
    RowFields row = new RowFields(json(line));
    TextRow texts;
    if (row.has("completion") && !row.has("chosen")) {
      texts = completion(row, origin);
    } else {
      texts = pair(row, origin);
    }
    return texts.with(judgement(row, texts));
  }

  private static TextRow completion(RowFields row, String origin) throws InvalidRowException {
    String prompt = row.text("prompt");
    String completion = row.text("completion");
    requireNotEmpty(completion, "field 'completion' is an empty text");
    return new TextRow(prompt, ImmutableList.of(completion), Judgement.NONE, origin);
  }

  private static TextRow pair(RowFields row, String origin) throws InvalidRowException {
    String chosen = row.text("chosen");
    String rejected = row.text("rejected");
    if (!row.has("prompt")) {
      return dialogues(chosen, rejected, origin);
    }
    String prompt = row.text("prompt");
    requireNotEmpty(chosen, "field 'chosen' is an empty text");
    requireNotEmpty(rejected, "field 'rejected' is an empty text");
    return new TextRow(prompt, ImmutableList.of(chosen, rejected), Judgement.NONE, origin);
  }

  private static TextRow dialogues(String chosen, String rejected, String origin)
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
    String better = turn(chosen, cut, "chosen");
    String other = turn(rejected, cut, "rejected");
    return new TextRow(prompt, ImmutableList.of(better, other), Judgement.NONE, origin);
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

  private static String turn(String dialogue, int from, String field) throws InvalidRowException {
    String turn = dialogue.substring(from);
    requireNotEmpty(turn, "in field '" + field + "' nothing follows the last \"\\n\\nAssistant:\"");
    return turn;
  }

  private static Judgement judgement(RowFields row, TextRow texts) throws InvalidRowException {
    Judgement judgement = Judgement.NONE;
    if (texts.completions().size() == 1) {
      judgement = Judgement.labelled(row.truth("label"));
    }
    try {
      if (row.has("weight")) {
        judgement = judgement.weight(row.number("weight"));
      }
      if (row.has("margin")) {
        judgement = judgement.margin(row.number("margin"));
      }
      if (row.has("win_probability")) {
        judgement = judgement.winProbability(row.number("win_probability"));
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidRowException(DropReason.FIELD, String.valueOf(e.getMessage()));
    }
    if (judgement.isLabelled() && judgement.isOfPair()) {
      throw new InvalidRowException(
          DropReason.FIELD,
          "fields 'margin' and 'win_probability' compare two completions, but the row has one");
    }
    return judgement;
  }

  private static void requireNotEmpty(String completion, String message)
      throws InvalidRowException {
    if (completion.isEmpty()) {
      throw new InvalidRowException(
          DropReason.EMPTY_COMPLETION, message + "; a completion needs at least one character");
    }
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
}
