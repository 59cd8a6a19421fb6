package io.github.tralign.data.form;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.Message;
import java.util.Locale;
import java.util.Optional;

/**
 * Maps the names of roles in data sets to the roles of chat templates.
 *
 * @param given roles by names given by the user
 */
record Roles(ImmutableMap<String, String> given) {

  /** The known names, in lower case; case does not matter. */
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

  /** The role of a name, if the name is known. */
  Optional<String> of(String name) {
    String role = given.get(name);
    return Optional.ofNullable(role == null ? KNOWN.get(name.toLowerCase(Locale.ROOT)) : role);
  }
}
