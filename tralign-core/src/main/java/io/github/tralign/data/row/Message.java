package io.github.tralign.data.row;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * One message of a conversation.
 *
 * @param role the role, such as {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content the text; may be empty
 * @param fields further fields for the template, such as {@code tool_calls}: texts, numbers,
 *     booleans, lists and maps of them
 */
public record Message(String role, String content, ImmutableMap<String, Object> fields) {

  /** The role of messages that a policy learns to write. */
  public static final String ASSISTANT = "assistant";

  /**
   * Checks the role.
   *
   * @throws IllegalArgumentException if {@code role} is empty
   */
  public Message {
    requireNonNull(content, "content");
    requireNonNull(fields, "fields");
    if (role.isEmpty()) {
      throw new IllegalArgumentException("a message needs a role, such as 'user'");
    }
  }

  /** Copies the fields. */
  public Message(String role, String content, Map<String, Object> fields) {
    this(role, content, ImmutableMap.copyOf(requireNonNull(fields, "fields")));
  }

  /** A message with a role and a content only. */
  public static Message of(String role, String content) {
    requireNonNull(content, "content");
    return new Message(role, content, ImmutableMap.of());
  }

  /** Whether a policy learns to write this message. */
  public boolean isAssistant() {
    return role.equals(ASSISTANT);
  }
}
