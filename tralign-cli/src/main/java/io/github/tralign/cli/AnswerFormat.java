package io.github.tralign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.source.DataRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The form of the file that {@code generate} writes, and of the prompts that go with it. */
enum AnswerFormat {
  /** tralign's own: a line for each completion. */
  JSONL("\\{\"index\":\\d+,\"sample\":") {
    @Override
    Prompt prompt(DataRecord row, boolean chat) {
      return Prompt.of(row);
    }

    @Override
    ObjectNode row(ObjectNode completion, ObjectNode prompt, String model) {
      return completion;
    }
  },

  /** AlpacaEval 2: one JSON array. */
  ALPACA_EVAL("\\[\\s*\\{\"instruction\":") {
    @Override
    Prompt prompt(DataRecord row, boolean chat) {
      return question(row, text(row, row.fields(), "instruction"), chat);
    }

    @Override
    ObjectNode row(ObjectNode completion, ObjectNode prompt, String model) {
      ObjectNode row = object();
      row.set("instruction", prompt.get("instruction"));
      row.put("output", answer(completion).strip()).put("generator", model);
      for (String carried : List.of("dataset", "datasplit")) {
        if (prompt.has(carried)) {
          row.set(carried, prompt.get(carried));
        }
      }
      return row;
    }

    @Override
    boolean isArray() {
      return true;
    }
  },

  /** Arena-Hard before April 2025: a line for each question. */
  ARENA_HARD("\\{\"question_id\":\"[^\"]*\",\"answer_id\":") {
    @Override
    Prompt prompt(DataRecord row, boolean chat) {
      text(row, row.fields(), "question_id");
      JsonNode turns = row.fields().path("turns");
      if (turns.size() != 1) {
        throw new InvalidInputException(
            row.origin() + ": field 'turns' must be a list of one turn, {\"content\": \"…\"}");
      }
      return question(row, text(row, turns.get(0), "content"), chat);
    }

    @Override
    ObjectNode row(ObjectNode completion, ObjectNode prompt, String model) {
      ObjectNode row = object();
      row.set("question_id", prompt.get("question_id"));
      row.put("answer_id", identifier(prompt.path("question_id"), model, completion));
      row.put("model_id", model);
      row.putArray("choices")
          .addObject()
          .put("index", 0)
          .putArray("turns")
          .addObject()
          .put("content", answer(completion))
          .put("token_len", completion.path("tokens").asInt());
      row.put("tstamp", now()).set("conv_metadata", style(completion));
      return row;
    }
  },

  /** Arena-Hard since version 2: a line for each question. */
  ARENA_HARD_V2("\\{\"uid\":\"[^\"]*\",\"ans_id\":") {
    @Override
    Prompt prompt(DataRecord row, boolean chat) {
      text(row, row.fields(), "uid");
      return question(row, text(row, row.fields(), "prompt"), chat);
    }

    @Override
    ObjectNode row(ObjectNode completion, ObjectNode prompt, String model) {
      ObjectNode row = object();
      row.set("uid", prompt.get("uid"));
      row.put("ans_id", identifier(prompt.path("uid"), model, completion)).put("model", model);
      var messages = row.putArray("messages");
      messages.addObject().put("role", "user").set("content", prompt.get("prompt"));
      messages
          .addObject()
          .put("role", Message.ASSISTANT)
          .putObject("content")
          .put("answer", answer(completion));
      row.put("tstamp", now()).set("metadata", style(completion));
      return row;
    }
  };

  private static final String USER = "user";

  private final Pattern beginning;

  AnswerFormat(String beginning) {
    this.beginning = Pattern.compile(beginning);
  }

  /**
   * The prompt of a row.
   *
   * @param chat whether the model has a chat template, for questions that are plain texts
   * @throws InvalidInputException if a field is missing or invalid
   */
  abstract Prompt prompt(DataRecord row, boolean chat);

  /**
   * A row of the file.
   *
   * @param completion a row of {@link #JSONL}
   * @param prompt the columns of the prompt
   * @param model the model's name
   */
  abstract ObjectNode row(ObjectNode completion, ObjectNode prompt, String model);

  /** Whether the rows are elements of one array. */
  boolean isArray() {
    return false;
  }

  /** How such a file begins. */
  Pattern beginning() {
    return beginning;
  }

  /** The word of the option. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What Arena-Hard's style control needs. */
  private static ObjectNode style(ObjectNode completion) {
    ObjectNode style = object().put("token_len", completion.path("tokens").asInt());
    return style.setAll(MarkdownCounts.of(answer(completion)));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static String answer(ObjectNode completion) {
    return completion.path("completion").asText();
  }

  private static Prompt question(DataRecord row, String text, boolean chat) {
    return chat
        ? Prompt.chat(List.of(Message.of(USER, text)), Map.of(), row.origin())
        : Prompt.text(text, row.origin());
  }

  private static String text(DataRecord row, JsonNode fields, String name) {
    if (!fields.path(name).isTextual()) {
      throw new InvalidInputException(
          row.origin() + ": field '" + name + "' is missing or not a text");
    }
    return fields.path(name).textValue();
  }

  private static String identifier(JsonNode question, String model, ObjectNode completion) {
    String all = question.asText() + "\n" + model + "\n" + answer(completion);
    return Hashing.sha256().hashString(all, StandardCharsets.UTF_8).toString().substring(0, 22);
  }

  private static double now() {
    return Instant.now().toEpochMilli() / 1000.0;
  }
}
