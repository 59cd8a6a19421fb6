package io.github.tralign.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.github.tralign.djl.generate.GeneratedText;
import io.github.tralign.serve.CallEvents.End;
import io.github.tralign.serve.CallEvents.Event;
import io.github.tralign.serve.CallEvents.Failure;
import io.github.tralign.serve.CallEvents.Token;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the answer to a call as its events come. When it has sent nothing for a while it sends what
 * clients skip, so that it notices a client that has vanished.
 */
final class CallAnswer {

  private static final String BLANK = " \n"; // before JSON
  private static final String COMMENT = ": \n\n"; // between events of a stream

  private final HttpExchange exchange;
  private final CompletionCall call;
  private final CallEvents events;
  private final ResponseWriter writer;
  private final long patienceMillis;
  private final List<Choice> choices = new ArrayList<>();
  private int tokens;
  private boolean begun;
  private long written = System.nanoTime(); // when something was sent

  /** A completion as far as it is there. */
  private static final class Choice {
    private final List<Token> tokens = new ArrayList<>(); // not sent
    private int length; // of the text that was sent
    private boolean begun;
    private @Nullable GeneratedText ended;
  }

  /**
   * An answer to a call.
   *
   * @param patienceMillis how long nothing is sent at most
   */
  CallAnswer(
      HttpExchange exchange,
      CompletionCall call,
      CallEvents events,
      ResponseWriter writer,
      long patienceMillis) {
    this.exchange = exchange;
    this.call = call;
    this.events = events;
    this.writer = writer;
    this.patienceMillis = patienceMillis;
    for (int i = 0; i < call.choices(); i++) {
      choices.add(new Choice());
    }
  }

  /**
   * Sends everything.
   *
   * @param open whether completions are still computed
   * @throws IOException if the client has vanished
   * @throws ApiException if the call fails before anything is sent
   */
  void send(BooleanSupplier open) throws IOException, InterruptedException {
    int running = choices.size();
    while (running > 0) {
      Event event = events.next(patienceMillis);
      if (event == null && !open.getAsBoolean()) {
        fail(new IllegalStateException("the server stops"));
        return;
      } else if (event instanceof Failure failure) {
        fail(failure.reason());
        return;
      } else if (event instanceof Token token) {
        add(token);
      } else if (event instanceof End end) {
        end(end);
        running--;
      }
      if (running > 0
          && System.nanoTime() - written >= TimeUnit.MILLISECONDS.toNanos(patienceMillis)) {
        write(call.stream() ? COMMENT : BLANK);
      }
    }
    complete();
  }

  private void add(Token token) throws IOException {
    tokens++;
    Choice choice = choices.get(token.choice());
    boolean end = call.requests().get(0).sampling().endTokens().contains(token.token().id());
    if (!end) {
      choice.tokens.add(token);
    }
    if (call.stream() && !token.text().isEmpty()) {
      sendText(token.choice(), token.text(), null);
    }
  }

  private void end(End end) throws IOException {
    GeneratedText text = end.text();
    choices.get(end.choice()).ended = text;
    if (call.stream()) {
      sendText(end.choice(), text.rest(), reason(text));
    }
  }

  private void sendText(int number, String text, @Nullable String finish) throws IOException {
    Choice choice = choices.get(number);
    if (call.chat() && !choice.begun) {
      event(writer.firstChunk(number));
    }
    choice.begun = true;
    event(writer.textChunk(number, text, choice.tokens, choice.length, finish));
    choice.length += text.length();
    choice.tokens.clear();
  }

  private void complete() throws IOException {
    if (call.stream()) {
      if (call.usage()) {
        ObjectNode last = writer.chunk();
        writer.addUsage(last, tokens);
        event(last);
      }
      write("data: [DONE]\n\n");
    } else {
      ObjectNode whole = writer.whole();
      for (int i = 0; i < choices.size(); i++) {
        GeneratedText text = choices.get(i).ended;
        if (text != null) {
          writer.addChoice(whole, i, text.text(), choices.get(i).tokens, reason(text));
        }
      }
      writer.addUsage(whole, tokens);
      write(whole.toString());
    }
  }

  private static String reason(GeneratedText text) {
    return text.finish().equals("length") ? "length" : "stop";
  }

  private void fail(RuntimeException reason) throws IOException {
    ApiException failure = new ApiException(500, "failed: " + reason.getMessage(), null, null);
    if (!begun) {
      throw failure;
    }
    if (call.stream()) {
      event(failure.json());
    } else {
      write(failure.json().toString());
    }
  }

  private void event(ObjectNode json) throws IOException {
    write("data: " + json + "\n\n");
  }

  private void write(String text) throws IOException {
    if (!begun) {
      begun = true;
      String type = call.stream() ? "text/event-stream; charset=utf-8" : "application/json";
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, 0); // of unknown length
    }
    OutputStream body = exchange.getResponseBody();
    body.write(text.getBytes(StandardCharsets.UTF_8));
    body.flush();
    written = System.nanoTime();
  }
}
