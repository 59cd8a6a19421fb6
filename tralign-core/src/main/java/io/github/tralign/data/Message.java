package io.github.tralign.data;

import com.google.common.collect.ImmutableMap;

/**
 * One message of a conversation, as chat templates read it.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content what is said; may be empty
 * @param fields what else a template may read of the message, such as {@code tool_calls}: texts,
 *     numbers, truth values, lists and maps of them
 */
public record Message(String role, String content, ImmutableMap<String, Object> fields) {

  /** The role of the messages that a policy learns to write. */
  public static final String ASSISTANT = "assistant";

  /**
   * Checks the role.
   *
   * @throws IllegalArgumentException if {@code role} is empty
   */
  public Message {
    if (role.isEmpty()) {
      throw new IllegalArgumentException("a message needs a role, such as 'user'");
    }
  }

  /** A message of a role and a content only. */
  public static Message of(String role, String content) {
    return new Message(role, content, ImmutableMap.of());
  }

  /** Whether a policy learns to write this message. */
  public boolean isAssistant() {
    return role.equals(ASSISTANT);
  }
}
