package io.github.tralign.cli;

import io.github.tralign.djl.generate.GeneratedText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A person's conversation with one model, or with several at once. */
final class ChatLoop {

  private static final int LEAST_COLUMN = 38; // narrower, answers stand one below the other

  private static final String HELP =
      """
      /reset   begins a new conversation
      /help    shows this
      Ctrl-C   stops an answer
      Ctrl-D   leaves""";

  private final BufferedReader in; // its characters are bytes
  private final Printer out;
  private final List<ChatModel> models;
  private final IntSupplier columns;
  private volatile boolean answering;
  private volatile boolean stopped;

  /**
   * A conversation that has not begun.
   *
   * @param in what the person writes, in UTF-8
   * @param columns the terminal's width, now
   */
  ChatLoop(InputStream in, Printer out, List<ChatModel> models, IntSupplier columns) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    this.out = out;
    this.models = models;
    this.columns = columns;
  }

  /** Talks until the input ends. */
  void run() {
    for (String line = read(); line != null; line = read()) {
      Optional<String> text = decode(line);
      text.map(String::strip).ifPresent(this::respond);
      if (text.isEmpty()) {
        out.println("this message is not valid UTF-8 and was not sent");
      }
      out.requireSound();
    }
    out.println();
  }

  private void respond(String text) {
    switch (text) {
      case "" -> {}
      case "/help" -> out.println(HELP);
      case "/reset" -> {
        models.forEach(ChatModel::reset);
        out.println("(a new conversation)");
      }
      default -> {
        if (text.startsWith("/")) {
          out.println("unknown command " + text + "; /help shows the known ones");
        } else {
          answer(text);
        }
      }
    }
  }

  /** Called from another thread on Ctrl-C: stops an answer, or shows how to leave. */
  void interrupt() {
    if (answering) {
      stopped = true;
    } else {
      out.print("\n(Ctrl-D leaves)\n> ");
      out.flush();
    }
  }

  private @Nullable String read() {
    out.print("> ");
    out.flush();
    try {
      return in.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException("the standard input cannot be read: " + e.getMessage(), e);
    }
  }

  /** The text of a line, if it is valid. */
  private static Optional<String> decode(String bytes) {
    try {
      ByteBuffer line = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(line).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private void answer(String text) {
    stopped = false;
    answering = true;
    try {
      int width = columns.getAsInt();
      if (models.size() > 1 && width / models.size() >= LEAST_COLUMN) {
        together(text, width);
      } else {
        models.forEach(model -> alone(model, text));
      }
    } finally {
      answering = false;
    }
  }

  private void alone(ChatModel model, String text) {
    if (models.size() > 1) {
      out.println("[" + model.name() + "]");
    }
    if (begin(model, text, this::show)) {
      long start = System.nanoTime();
      boolean continues = true;
      while (continues) {
        continues = step(model);
      }
      out.println();
      note(model, start);
    }
  }

  private void show(String part) {
    out.print(part);
    out.flush();
  }

  private void together(String text, int width) {
    SideBySide columns = new SideBySide(out, models.size(), width);
    boolean[] running = new boolean[models.size()];
    long start = System.nanoTime();
    for (int i = 0; i < models.size(); i++) {
      int column = i;
      columns.add(column, "[" + models.get(i).name() + "]\n");
      running[i] = begin(models.get(i), text, part -> columns.add(column, part));
    }
    boolean any = true;
    while (any) { // token by token in turn, so that both grow alike
      any = false;
      for (int i = 0; i < models.size(); i++) {
        if (running[i]) {
          running[i] = step(models.get(i));
          any |= running[i];
          if (!running[i]) {
            columns.end(i);
          }
        }
      }
    }
    for (int i = 0; i < models.size(); i++) {
      columns.end(i); // one that did not begin
    }
    models.forEach(model -> note(model, start));
  }

  private boolean step(ChatModel model) {
    if (stopped) {
      model.stop();
    }
    return model.step();
  }

  private boolean begin(ChatModel model, String text, Consumer<String> shown) {
    try {
      model.ask(text, shown);
      return true;
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage() + "; /reset begins a new one");
      return false;
    }
  }

  /** How long an answer was, and why it ended if not by itself. */
  private void note(ChatModel model, long start) {
    GeneratedText answer = model.answer();
    if (answer == null) {
      return;
    }
    int tokens = answer.completion().tokens().length();
    String why =
        switch (answer.finish()) {
          case "length" -> ", cut at the limit (--max-new-tokens)";
          case "cancelled" -> ", stopped";
          default -> "";
        };
    String name = models.size() > 1 ? model.name() + ": " : "";
    out.println(
        String.format(
            Locale.ROOT,
            "(%s%d tokens, %.1f tok/s%s)",
            name,
            tokens,
            tokens / Math.max(1e-9, (System.nanoTime() - start) / 1e9),
            why));
  }
}
