package io.github.tralign.judge.client;

import java.util.Locale;

/** How a server is asked for JSON. */
public enum ReplyForm {
  /** By a JSON schema, which the server enforces. */
  SCHEMA,
  /** By asking for some JSON object. */
  OBJECT,
  /** By the prompt alone, for servers that support neither. */
  TEXT;

  /** The word of the option. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
