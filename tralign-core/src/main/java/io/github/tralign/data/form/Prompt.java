package io.github.tralign.data.form;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.source.DataRecord;
import java.util.List;
import java.util.Map;

/**
 * What a model is to complete: a text, or the messages of a conversation.
 *
 * @param text the text; empty for a conversation
 * @param messages the conversation; empty for a text. If the last message is one of the assistant,
 *     it is to be continued
 * @param settings variables of the chat template, such as {@code tools}
 * @param origin where the prompt comes from, such as {@code prompts.jsonl:7}; used in messages only
 */
public record Prompt(
    String text,
    ImmutableList<Message> messages,
    ImmutableMap<String, Object> settings,
    String origin) {

  private static final String PROMPT = "prompt";
  private static final String INSTRUCTION = "instruction";
  private static final ImmutableSet<String> CONVERSATIONS =
      ImmutableSet.of("messages", "conversations");

  /** Nothing may be null. */
  public Prompt {
    requireNonNull(text, "text");
    requireNonNull(messages, "messages");
    requireNonNull(settings, "settings");
    requireNonNull(origin, "origin");
  }

  /** A text to continue as it is. */
  public static Prompt text(String text, String origin) {
    return new Prompt(text, ImmutableList.of(), ImmutableMap.of(), origin);
  }

  /**
   * A conversation to answer.
   *
   * @param settings variables of the chat template
   */
  public static Prompt chat(List<Message> messages, Map<String, Object> settings, String origin) {
    return new Prompt(
        "",
        ImmutableList.copyOf(requireNonNull(messages, "messages")),
        ImmutableMap.copyOf(requireNonNull(settings, "settings")),
        origin);
  }

  /**
   * Reads a record: its {@code prompt}, a text or a list of messages, or its {@code messages}, in
   * the notations of training data; without these its {@code instruction}, which becomes a message
   * of the user, as in training data. Other columns are ignored, but for a system message and the
   * variables of the template.
   *
   * @throws InvalidInputException if it has no prompt or several, or a field is invalid; the
   *     message begins with the record's origin
   */
  public static Prompt of(DataRecord row) {
    requireNonNull(row, "row");
    FieldReader fields = new FieldReader(row, new Roles(ImmutableMap.of()));
    try {
      return read(fields);
    } catch (InvalidRowException e) {
      throw new InvalidInputException(e.at(row.origin()).message(), e);
    }
  }

  private static Prompt read(FieldReader row) throws InvalidRowException {
    List<String> given = CONVERSATIONS.stream().filter(row::has).toList();
    if (given.size() > 1 || !given.isEmpty() && row.has(PROMPT)) {
      throw row.invalid(
          DropReason.FORM,
          given.get(0),
          "is there beside '"
              + (row.has(PROMPT) ? PROMPT : given.get(1))
              + "'; expected one of them");
    }
    if (given.isEmpty() && !row.has(PROMPT) && row.has(INSTRUCTION)) {
      return chat(
          Messages.withSystem(row, Question.of(row)), TemplateSettings.of(row), row.origin());
    }
    if (given.isEmpty() && !row.has(PROMPT)) {
      throw new InvalidRowException(
          DropReason.FORM,
          "has no prompt; expected 'prompt' (a text or a list of messages), 'messages' or"
              + " 'instruction', found "
              + row.described());
    }
    if (given.isEmpty() && row.hasText(PROMPT)) {
      return text(row.text(PROMPT), row.origin());
    }
    String field = given.isEmpty() ? PROMPT : given.get(0);
    if (given.isEmpty() && !row.hasList(PROMPT) && !row.hasObject(PROMPT)) {
      throw row.wrongType(PROMPT, "a text or a list of messages");
    }
    ImmutableList<Message> messages = Messages.withSystem(row, Messages.of(row, field));
    if (messages.isEmpty()) {
      throw row.invalid(DropReason.FIELD, field, "is an empty list; expected messages");
    }
    return chat(messages, TemplateSettings.of(row), row.origin());
  }

  /** Whether it is a conversation. */
  public boolean isChat() {
    return !messages.isEmpty();
  }
}
