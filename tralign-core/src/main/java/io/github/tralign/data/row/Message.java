package io.github.tralign.data.row;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

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
    requireNonNull(content, "content");
    requireNonNull(fields, "fields");
    if (role.isEmpty()) {
      throw new IllegalArgumentException("a message needs a role, such as 'user'");
    }
  }

  /** With fields of any map, which is copied. */
  public Message(String role, String content, Map<String, Object> fields) {
    this(role, content, ImmutableMap.copyOf(requireNonNull(fields, "fields")));
  }

  /** A message of a role and a content only. */
  public static Message of(String role, String content) {
    requireNonNull(content, "content");
    return new Message(role, content, ImmutableMap.of());
  }

  /** Whether a policy learns to write this message. */
  public boolean isAssistant() {
    return role.equals(ASSISTANT);
  }
}
