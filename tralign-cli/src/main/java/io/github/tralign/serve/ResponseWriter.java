package io.github.tralign.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.data.row.Message;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.GeneratedToken;
import io.github.tralign.generate.GeneratedToken.Alternative;
import io.github.tralign.serve.CallEvents.Token;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The JSON of the answers to a call, in the form of a chat or of plain completions. */
final class ResponseWriter {

  private final CompletionCall call;
  private final String model;
  private final CheckpointTokenizer tokenizer;
  private final String id;
  private final long created = Instant.now().getEpochSecond();

  ResponseWriter(CompletionCall call, String model, CheckpointTokenizer tokenizer) {
    this.call = call;
    this.model = model;
    this.tokenizer = tokenizer;
    this.id = (call.chat() ? "chatcmpl-" : "cmpl-") + UUID.randomUUID();
  }

  /** The whole answer, without choices. */
  ObjectNode whole() {
    return object(call.chat() ? "chat.completion" : "text_completion");
  }

  /** A part of a stream, without choices. */
  ObjectNode chunk() {
    return object(call.chat() ? "chat.completion.chunk" : "text_completion");
  }

  private ObjectNode object(String type) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", id)
            .put("object", type)
            .put("created", created)
            .put("model", model);
    object.putArray("choices");
    return object;
  }

  /** The part of a stream that begins a message. */
  ObjectNode firstChunk(int choice) {
    ObjectNode chunk = chunk();
    choice(chunk, choice, null)
        .putObject("delta")
        .put("role", Message.ASSISTANT)
        .put("content", "");
    return chunk;
  }

  /**
   * A part of a stream with text.
   *
   * @param tokens of the text
   * @param before the length of the completion's text before
   * @param finish why the completion has ended; null if it has not
   */
  ObjectNode textChunk(
      int choice, String text, List<Token> tokens, int before, @Nullable String finish) {
    ObjectNode chunk = chunk();
    ObjectNode it = choice(chunk, choice, finish);
    if (call.chat()) {
      ObjectNode delta = it.putObject("delta");
      if (!text.isEmpty()) {
        delta.put("content", text);
      }
    } else {
      it.put("text", text);
    }
    if (call.logProbs() && !tokens.isEmpty()) {
      it.set("logprobs", logProbs(tokens, before));
    }
    return chunk;
  }

  /** Adds a completion to the whole answer. */
  void addChoice(ObjectNode whole, int choice, String text, List<Token> tokens, String finish) {
    ObjectNode it = choice(whole, choice, finish);
    if (call.chat()) {
      it.putObject("message").put("role", Message.ASSISTANT).put("content", text);
    } else {
      it.put("text", text);
    }
    if (call.logProbs()) {
      it.set("logprobs", logProbs(tokens, 0));
    }
  }

  private static ObjectNode choice(ObjectNode answer, int choice, @Nullable String finish) {
    ObjectNode object = answer.withArray("choices").addObject().put("index", choice);
    object.putNull("logprobs");
    return object.put("finish_reason", finish);
  }

  /** Adds the numbers of tokens. */
  void addUsage(ObjectNode answer, int completionTokens) {
    answer
        .putObject("usage")
        .put("prompt_tokens", call.promptTokens())
        .put("completion_tokens", completionTokens)
        .put("total_tokens", call.promptTokens() + completionTokens);
  }

  private ObjectNode logProbs(List<Token> tokens, int before) {
    return call.chat() ? ofChat(tokens) : ofText(tokens, before);
  }

  private ObjectNode ofChat(List<Token> tokens) {
    ObjectNode logProbs = JsonNodeFactory.instance.objectNode();
    ArrayNode content = logProbs.putArray("content");
    for (Token token : tokens) {
      GeneratedToken it = token.token();
      ObjectNode chosen = content.addObject();
      putToken(chosen, it.id(), it.logProb());
      ArrayNode alternatives = chosen.putArray("top_logprobs");
      for (Alternative alternative : it.alternatives()) {
        putToken(alternatives.addObject(), alternative.id(), alternative.logProb());
      }
    }
    return logProbs;
  }

  private void putToken(ObjectNode token, int id, double logProb) {
    String text = tokenizer.decode(id);
    token.put("token", text).put("logprob", logProb);
    if (text.indexOf('\uFFFD') >= 0) {
      token.putNull("bytes"); // part of a character
      return;
    }
    ArrayNode bytes = token.putArray("bytes");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xFF);
    }
  }

  private ObjectNode ofText(List<Token> tokens, int before) {
    ObjectNode logProbs = JsonNodeFactory.instance.objectNode();
    ArrayNode texts = logProbs.putArray("tokens");
    ArrayNode values = logProbs.putArray("token_logprobs");
    ArrayNode offsets = logProbs.putArray("text_offset");
    ArrayNode tops = JsonNodeFactory.instance.arrayNode();
    int offset = before;
    for (Token token : tokens) {
      GeneratedToken it = token.token();
      texts.add(tokenizer.decode(it.id()));
      values.add(it.logProb());
      offsets.add(offset);
      offset += token.text().length();
      if (!it.alternatives().isEmpty()) {
        tops.add(byText(it));
      }
    }
    logProbs.set("top_logprobs", tops.isEmpty() ? JsonNodeFactory.instance.nullNode() : tops);
    return logProbs;
  }

  /** The alternatives and the token itself; of those with one text the most probable. */
  private ObjectNode byText(GeneratedToken token) {
    ObjectNode logProbs = JsonNodeFactory.instance.objectNode();
    for (Alternative it : token.alternatives()) {
      logProbs.putIfAbsent(
          tokenizer.decode(it.id()), JsonNodeFactory.instance.numberNode(it.logProb()));
    }
    logProbs.putIfAbsent(
        tokenizer.decode(token.id()), JsonNodeFactory.instance.numberNode(token.logProb()));
    return logProbs;
  }
}
