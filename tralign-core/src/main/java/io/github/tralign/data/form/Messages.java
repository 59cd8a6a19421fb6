package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.data.ChatRow;
import io.github.tralign.data.DropReason;
import io.github.tralign.data.InvalidRowException;
import io.github.tralign.data.Judgement;
import io.github.tralign.data.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists of messages, and rows of them. */
final class Messages {

  private static final ImmutableMap<String, String> SHAREGPT_ROLES =
      ImmutableMap.<String, String>builder()
          .put("system", "system")
          .put("human", "user")
          .put("user", "user")
          .put("gpt", Message.ASSISTANT)
          .put("assistant", Message.ASSISTANT)
          .put("function_call", Message.ASSISTANT)
          .put("observation", "tool")
          .put("tool", "tool")
          .buildOrThrow();

  /** The authors' own library says bot. */
  private static final String BOT = "bot";

  private Messages() {}

  /** A list of messages, or a single one, in either of the two ways of writing them. */
  static ImmutableList<Message> of(Fields row, String field) throws InvalidRowException {
    ImmutableList.Builder<Message> messages = ImmutableList.builder();
    for (Fields message : row.objects(field)) {
      messages.add(
          message.has("from") && !message.has("role") ? shareGpt(message) : plain(message));
    }
    return messages.build();
  }

  private static Message plain(Fields message) throws InvalidRowException {
    String role = message.text("role");
    if (role.isEmpty()) {
      throw message.invalid(DropReason.FIELD, "role", "is empty; expected a role such as 'user'");
    }
    ImmutableMap<String, Object> more = message.plain(ImmutableSet.of("role", "content"));
    // A message that only calls tools says nothing.
    boolean silent = !message.has("content") && more.containsKey("tool_calls");
    String content = silent ? "" : message.text("content");
    return new Message(role.equals(BOT) ? Message.ASSISTANT : role, content, more);
  }

  private static Message shareGpt(Fields message) throws InvalidRowException {
    String from = message.text("from");
    String role = SHAREGPT_ROLES.get(from);
    if (role == null) {
      throw message.invalid(
          DropReason.FIELD,
          "from",
          "is '" + from + "'; known: " + String.join(", ", SHAREGPT_ROLES.keySet()));
    }
    return new Message(
        role, message.text("value"), message.plain(ImmutableSet.of("from", "value")));
  }

  /** A completion: one message or several of the assistant, of which each says something. */
  static ImmutableList<Message> completion(Fields row, String field) throws InvalidRowException {
    ImmutableList<Message> messages = of(row, field);
    requireCompletion(messages, row, field);
    return messages;
  }

  static void requireCompletion(List<Message> messages, Fields row, String field)
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
      if (message.content().isEmpty() && !message.fields().containsKey("tool_calls")) {
        throw row.invalid(
            DropReason.EMPTY_COMPLETION,
            field,
            "has an empty message of the assistant; a completion needs at least one character");
      }
    }
  }

  /** A row of conversations with what their template reads. */
  static ChatRow row(
      Fields row,
      List<Message> prompt,
      List<ImmutableList<Message>> completions,
      Judgement judgement)
      throws InvalidRowException {
    return new ChatRow(
        ImmutableList.copyOf(prompt),
        ImmutableList.copyOf(completions),
        settings(row),
        judgement,
        row.origin());
  }

  private static ImmutableMap<String, Object> settings(Fields row) throws InvalidRowException {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (row.has("chat_template_kwargs")) {
      settings.putAll(row.object("chat_template_kwargs").plain(ImmutableSet.of()));
    }
    if (row.has("tools")) {
      Object tools = row.plainList("tools");
      if (settings.put("tools", tools) != null) {
        throw row.invalid(
            DropReason.FIELD, "tools", "is there a second time in 'chat_template_kwargs'");
      }
    }
    return ImmutableMap.copyOf(settings);
  }

  /** The messages of a user's words, and of a system's before it where there are some. */
  static ImmutableList<Message> question(Fields row, String field) throws InvalidRowException {
    List<Message> messages = new ArrayList<>();
    if (row.has("system") && !row.text("system").isEmpty()) {
      messages.add(Message.of("system", row.text("system")));
    }
    messages.add(Message.of("user", row.text(field)));
    return ImmutableList.copyOf(messages);
  }

  /** The assistant's message of a text. */
  static ImmutableList<Message> answer(String text) {
    return ImmutableList.of(Message.of(Message.ASSISTANT, text));
  }
}
