package io.github.tralign.judge.arena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.source.DataRecord;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The forms of Arena-Hard's files, and how its code reads verdicts. */
public enum ArenaForm {
  /** Before April 2025. */
  ARENA_HARD {
    @Override
    public ArenaQuestion question(DataRecord row) {
      JsonNode prompt = row.fields().path("turns").path(0).path("content");
      return new ArenaQuestion(
          text(row, "question_id"),
          row.fields().path("category").asText(""),
          text(row, prompt, "turns[0].content"));
    }

    @Override
    public ArenaAnswer answer(DataRecord row) {
      JsonNode turn = row.fields().path("choices").path(0).path("turns").path(0);
      return new ArenaAnswer(
          text(row, "question_id"),
          text(row, "model_id"),
          text(row, turn.path("content"), "choices[0].turns[0].content"),
          ArenaAnswer.Style.of(row.fields().path("conv_metadata")));
    }

    /** Matches that disagree are no verdict. */
    @Override
    Optional<String> label(String judgment) {
      List<String> labels = matches(LABEL, judgment).distinct().toList();
      return labels.size() == 1 ? Optional.of(labels.get(0)) : Optional.empty();
    }

    /** Once, if there was no match at all. */
    @Override
    boolean asksAgain(String judgment) {
      return matches(LABEL, judgment).findAny().isEmpty();
    }

    @Override
    public ObjectNode row(
        Judgment judgment, String judge, String baseline, List<List<Message>> prompts) {
      ObjectNode row =
          JsonNodeFactory.instance
              .objectNode()
              .put("question_id", judgment.id())
              .put("model", judgment.model())
              .put("judge", judge);
      ArrayNode games = row.putArray("games");
      for (int i = 0; i < 2; i++) {
        List<Message> prompt = prompts.get(i);
        games
            .addObject()
            .put("user_prompt", prompt.get(prompt.size() - 1).content())
            .put("judgment", judgment.games().get(i).judgment())
            .put("score", judgment.games().get(i).label().orElse(null));
      }
      return row;
    }
  },

  /** Since version 2. */
  ARENA_HARD_V2 {
    @Override
    public ArenaQuestion question(DataRecord row) {
      return new ArenaQuestion(
          text(row, "uid"), row.fields().path("category").asText(""), text(row, "prompt"));
    }

    @Override
    public ArenaAnswer answer(DataRecord row) {
      JsonNode messages = row.fields().path("messages");
      JsonNode answer = messages.path(messages.size() - 1).path("content").path("answer");
      return new ArenaAnswer(
          text(row, "uid"),
          text(row, "model"),
          text(row, answer, "messages[-1].content.answer"),
          ArenaAnswer.Style.of(row.fields().path("metadata")));
    }

    /** The last match counts, in any case, if need be in single brackets. */
    @Override
    Optional<String> label(String judgment) {
      String upper = judgment.toUpperCase(Locale.ROOT);
      List<String> labels = matches(LABEL, upper).toList();
      if (labels.isEmpty()) {
        labels = matches(LOOSE_LABEL, upper).toList();
      }
      return labels.isEmpty() ? Optional.empty() : Optional.of(labels.get(labels.size() - 1));
    }

    @Override
    boolean asksAgain(String judgment) {
      return false;
    }

    @Override
    public ObjectNode row(
        Judgment judgment, String judge, String baseline, List<List<Message>> prompts) {
      ObjectNode row =
          JsonNodeFactory.instance
              .objectNode()
              .put("uid", judgment.id())
              .put("category", judgment.category())
              .put("judge", judge)
              .put("model", judgment.model())
              .put("baseline", baseline);
      ArrayNode games = row.putArray("games");
      for (int i = 0; i < 2; i++) {
        Game game = judgment.games().get(i);
        ObjectNode written = games.addObject().put("score", game.label().orElse(null));
        written.putObject("judgment").put("answer", game.judgment());
        ArrayNode messages = written.putArray("prompt");
        for (Message message : prompts.get(i)) {
          messages.addObject().put("role", message.role()).put("content", message.content());
        }
      }
      return row;
    }
  };

  private static final Pattern LABEL = Pattern.compile("\\[\\[([AB<>=]+)]]");
  private static final Pattern LOOSE_LABEL = Pattern.compile("\\[([AB<>=]+)]");

  /**
   * Reads a row of {@code question.jsonl}.
   *
   * @throws InvalidInputException if a field is missing
   */
  public abstract ArenaQuestion question(DataRecord row);

  /**
   * Reads a row of {@code model_answer/MODEL.jsonl}.
   *
   * @throws InvalidInputException if a field is missing
   */
  public abstract ArenaAnswer answer(DataRecord row);

  /** The label in a judge's reply; empty if it cannot be read. */
  abstract Optional<String> label(String judgment);

  /** Whether the judge is asked once more after this reply. */
  abstract boolean asksAgain(String judgment);

  /**
   * A row of {@code model_judgment/JUDGE/MODEL.jsonl}.
   *
   * @param prompts what the judge was asked in each game
   */
  public abstract ObjectNode row(
      Judgment judgment, String judge, String baseline, List<List<Message>> prompts);

  /**
   * Reads a row of {@code model_judgment/JUDGE/MODEL.jsonl}.
   *
   * @throws InvalidInputException if a field is missing
   */
  public Judgment judgment(DataRecord row) {
    JsonNode games = row.fields().path("games");
    if (games.size() != 2) {
      throw new InvalidInputException(row.origin() + ": field 'games' must be a list of two");
    }
    ImmutableList.Builder<Game> read = ImmutableList.builder();
    for (JsonNode game : games) {
      String judgment = game.path("judgment").path("answer").asText(game.path("judgment").asText());
      read.add(new Game(judgment, Optional.ofNullable(game.path("score").textValue())));
    }
    return new Judgment(
        text(row, this == ARENA_HARD ? "question_id" : "uid"),
        row.fields().path("category").asText(""),
        text(row, "model"),
        read.build());
  }

  private static Stream<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(it -> it.group(1));
  }

  private static String text(DataRecord row, String name) {
    return text(row, row.fields().path(name), name);
  }

  private static String text(DataRecord row, JsonNode value, String name) {
    if (!value.isTextual()) {
      throw new InvalidInputException(
          row.origin() + ": field '" + name + "' is missing or not a text");
    }
    return value.textValue();
  }
}
