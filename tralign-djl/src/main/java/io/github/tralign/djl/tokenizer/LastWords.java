package io.github.tralign.djl.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The end of what a process writes to its standard error, where it says what it died of. */
final class LastWords {

  private static final int LINES = 50;
  private static final int LONGEST = 300;

  private final Deque<String> lines = new ArrayDeque<>();
  private final Thread reader;

  private LastWords(BufferedReader in) {
    reader = new Thread(() -> read(in), "tralign-tokenizer-errors");
    reader.setDaemon(true);
  }

  static LastWords of(Process process) {
    LastWords words = new LastWords(process.errorReader(StandardCharsets.UTF_8));
    words.reader.start();
    return words;
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
      // The process was ended: what it said so far is what there is.
    }
  }

  /** The message of the first panic, else the last line; waits for the end of the process. */
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
