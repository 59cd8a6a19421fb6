package io.github.tralign.djl.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a process's standard error, which say why it crashed. */
final class ErrorTail {

  private static final int LINES = 50;
  private static final int LONGEST = 300;

  private final Deque<String> lines = new ArrayDeque<>();
  private final Thread reader;

  private ErrorTail(BufferedReader in) {
    reader = new Thread(() -> read(in), "tralign-tokenizer-errors");
    reader.setDaemon(true);
  }

  static ErrorTail of(Process process) {
    ErrorTail tail = new ErrorTail(process.errorReader(StandardCharsets.UTF_8));
    tail.reader.start();
    return tail;
  }

  private void read(BufferedReader in) {
    try (in) {
      in.lines()
          .forEach(
              line -> {
                synchronized (lines) {
                  lines.add(line);
                  if (lines.size() > LINES) {
                    lines.remove();
                  }
                }
              });
    } catch (IOException | UncheckedIOException e) {
      // The process was killed: the lines read so far are all there are.
    }
  }

  /** The message of the first panic, else the last line; waits for the process to end. */
  String get() {
    try {
      reader.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<String> said;
    synchronized (lines) {
      said = List.copyOf(lines);
    }
    String word = said.isEmpty() ? "without a message" : said.get(said.size() - 1);
    for (int i = said.size() - 2; i >= 0; i--) {
      if (said.get(i).contains(" panicked at ")) {
        word = said.get(i + 1);
      }
    }
    return word.length() > LONGEST ? word.substring(0, LONGEST) + "…" : word;
  }
}
