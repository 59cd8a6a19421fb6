package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Message;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Reads messages in the two usual notations, and makes rows from them. */
final class Messages {

  static final String USER = "user";

  private static final String SYSTEM = "system";
  private static final ImmutableList<String> SYSTEM_COLUMNS =
      ImmutableList.of(SYSTEM, "system_prompt", "system_message");

  private Messages() {}

  /** A list of messages, or a single one, in either notation. */
  static ImmutableList<Message> of(FieldReader row, String field) throws InvalidRowException {
    ImmutableList.Builder<Message> messages = ImmutableList.builder();
    for (FieldReader message : row.objects(field)) {
      messages.add(
          message.has("from") && !message.has("role") ? shareGpt(message) : plain(message));
    }
    return messages.build();
  }

  /** Unknown roles are kept, since a template may know them. */
  private static Message plain(FieldReader message) throws InvalidRowException {
    String role = message.text("role");
    if (role.isEmpty()) {
      throw message.invalid(DropReason.FIELD, "role", "is empty; expected a role such as 'user'");
    }
    ImmutableMap<String, Object> more = message.plain(ImmutableSet.of("role", "content"));
    String content =
        !message.has("content") && callsTools(more) ? "" : Contents.of(message, "content");
    return new Message(message.roles().of(role).orElse(role), content, more);
  }

  private static Message shareGpt(FieldReader message) throws InvalidRowException {
    String from = message.text("from");
    String role = message.roles().of(from).orElse("");
    if (role.isEmpty()) {
      throw message.invalid(
          DropReason.FIELD,
          "from",
          String.format(
              Locale.ROOT,
              "is '%s'; known: %s; give its role with --roles %s=user",
              from,
              String.join(", ", Roles.KNOWN.keySet()),
              from));
    }
    return new Message(
        role, Contents.of(message, "value"), message.plain(ImmutableSet.of("from", "value")));
  }

  /** A message that only calls tools may have no content. */
  private static boolean callsTools(ImmutableMap<String, Object> fields) {
    Object calls = fields.get("tool_calls");
    return calls instanceof Collection<?> list ? !list.isEmpty() : calls != null;
  }

  /**
   * A completion: a text, or one or several messages of the assistant, each of which is not empty.
   */
  static ImmutableList<Message> answer(FieldReader row, String field) throws InvalidRowException {
    if (row.hasText(field)) {
      return ImmutableList.of(Message.of(Message.ASSISTANT, row.completion(field)));
    }
    ImmutableList<Message> messages = of(row, field);
    requireCompletion(messages, row, field);
    return messages;
  }

  /** A whole conversation that ends with a message of the assistant. */
  static ImmutableList<Message> endingWithAssistant(FieldReader row, String field)
      throws InvalidRowException {
    ImmutableList<Message> messages = of(row, field);
    if (messages.isEmpty() || !messages.get(messages.size() - 1).isAssistant()) {
      throw row.invalid(
          DropReason.NO_ASSISTANT_TURN,
          field,
          messages.isEmpty() ? "is empty" : "does not end with a message of the assistant");
    }
    return messages;
  }

  static void requireCompletion(List<Message> messages, FieldReader row, String field)
      throws InvalidRowException {
    if (messages.isEmpty()) {
      throw row.invalid(
          DropReason.EMPTY_COMPLETION, field, "holds no message of the assistant to learn from");
    }
    for (Message message : messages) {
      if (!message.isAssistant()) {
        throw row.invalid(
            DropReason.FOREIGN_TURN,
            field,
            "has a message of '"
                + message.role()
                + "' in the completion; a policy writes messages of the assistant only");
      }
      if (message.content().isEmpty() && !callsTools(message.fields())) {
        throw row.invalid(
            DropReason.EMPTY_COMPLETION,
            field,
            "has an empty message of the assistant; a completion needs at least one character");
      }
    }
  }

  /** A row of conversations, with its system message and template variables. */
  static ChatRow row(
      FieldReader row,
      List<Message> prompt,
      List<ImmutableList<Message>> completions,
      Judgement judgement)
      throws InvalidRowException {
    return new ChatRow(
        withSystem(row, prompt),
        ImmutableList.copyOf(completions),
        TemplateSettings.of(row),
        judgement,
        row.origin());
  }

  static ImmutableList<Message> withSystem(FieldReader row, List<Message> prompt)
      throws InvalidRowException {
    for (String column : SYSTEM_COLUMNS) {
      if (row.says(column)) {
        Message system = Message.of(SYSTEM, row.text(column));
        if (prompt.isEmpty() || !prompt.get(0).role().equals(SYSTEM)) {
          return ImmutableList.<Message>builder().add(system).addAll(prompt).build();
        } else if (!prompt.get(0).content().equals(system.content())) {
          throw row.invalid(
              DropReason.FIELD,
              column,
              "differs from the first message, which has the role 'system'");
        }
      }
    }
    return ImmutableList.copyOf(prompt);
  }
}
