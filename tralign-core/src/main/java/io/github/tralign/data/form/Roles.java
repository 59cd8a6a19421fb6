package io.github.tralign.data.form;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.Message;
import java.util.Locale;
import java.util.Optional;

/**
 * Who speaks: the roles of chat templates for the names that data sets have.
 *
 * @param given roles by the names that a person said
 */
record Roles(ImmutableMap<String, String> given) {

  /** The names that are known without being told, whatever their case. */
  static final ImmutableMap<String, String> KNOWN =
      ImmutableMap.<String, String>builder()
          .put("system", "system")
          .put("human", Messages.USER)
          .put("user", Messages.USER)
          .put("prompter", Messages.USER)
          .put("gpt", Message.ASSISTANT)
          .put("assistant", Message.ASSISTANT)
          .put("bot", Message.ASSISTANT)
          .put("model", Message.ASSISTANT)
          .put("chatgpt", Message.ASSISTANT)
          .put("function_call", Message.ASSISTANT)
          .put("observation", "tool")
          .put("function_response", "tool")
          .put("tool", "tool")
          .buildOrThrow();

  /** The role of a name, if it is known. */
  Optional<String> of(String name) {
    String role = given.get(name);
    return Optional.ofNullable(role == null ? KNOWN.get(name.toLowerCase(Locale.ROOT)) : role);
  }
}
