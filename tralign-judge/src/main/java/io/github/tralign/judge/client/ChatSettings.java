package io.github.tralign.judge.client;

import static io.github.tralign.InvalidSettingException.require;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.data.row.Message;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What all requests to a judge have in common.
 *
 * @param model the model's name for the server
 * @param temperature ≥ 0; empty leaves it to the server, since some models reject it
 * @param maxTokens the maximum number of tokens of a reply, ≥ 1
 * @param newTokenLimit whether the limit is called {@code max_completion_tokens}, as newer models
 *     of OpenAI require, instead of {@code max_tokens}
 * @param form how JSON is asked for
 */
public record ChatSettings(
    String model,
    OptionalDouble temperature,
    int maxTokens,
    boolean newTokenLimit,
    ReplyForm form) {

  /**
   * Checks the settings.
   *
   * @throws io.github.tralign.InvalidSettingException if one is invalid
   */
  public ChatSettings {
    requireNonNull(form, "form");
    require(!model.isBlank(), "model", "must not be empty");
    temperature.ifPresent(
        it ->
            require(
                it >= 0 && Double.isFinite(it), "temperature", "must be at least 0, not " + it));
    require(maxTokens >= 1, "maxTokens", "must be at least 1, not " + maxTokens);
  }

  /** The body of a request for a text. */
  public ObjectNode body(List<Message> messages) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
    ArrayNode array = body.putArray("messages");
    for (Message message : messages) {
      array.addObject().put("role", message.role()).put("content", message.content());
    }
    temperature.ifPresent(it -> body.put("temperature", it));
    return body.put(newTokenLimit ? "max_completion_tokens" : "max_tokens", maxTokens);
  }

  /**
   * The body of a request for the most likely tokens too.
   *
   * @param alternatives how many for each token, ≥ 1
   */
  public ObjectNode bodyWithLogprobs(List<Message> messages, int alternatives) {
    return body(messages).put("logprobs", true).put("top_logprobs", alternatives);
  }

  /**
   * The body of a request for JSON.
   *
   * @param name the schema's name, of letters and underscores
   */
  public ObjectNode bodyForJson(List<Message> messages, String name, JsonNode schema) {
    ObjectNode body = body(messages);
    switch (form) {
      case SCHEMA ->
          body.putObject("response_format")
              .put("type", "json_schema")
              .putObject("json_schema")
              .put("name", name)
              .put("strict", true)
              .set("schema", schema);
      case OBJECT -> body.putObject("response_format").put("type", "json_object");
      case TEXT -> {}
    }
    return body;
  }
}
