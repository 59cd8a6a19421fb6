package io.github.tralign.judge.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A question to a judge.
 *
 * @param index number of the row, from 0
 * @param sample number of the question about this row, from 0, such as the order of two answers
 * @param body what is sent
 */
public record JudgeRequest(int index, int sample, ObjectNode body) {

  private static final int CHARACTERS_PER_TOKEN = 4; // of English, roughly

  /** Copies the body. */
  public JudgeRequest {
    body = requireNonNull(body, "body").deepCopy();
  }

  /** Roughly the number of tokens of the messages: a token for each four characters. */
  public long estimatedTokens() {
    long characters = 0;
    for (JsonNode message : body.path("messages")) {
      characters += message.path("content").asText().length();
    }
    return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
  }

  /** The maximum number of tokens of the reply. */
  public long maxTokens() {
    return body.path("max_tokens").asLong(body.path("max_completion_tokens").asLong());
  }
}
