package io.github.tralign.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.PartialFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Where {@code generate} writes completions, which end in any order and are written in order of
 * prompts, then samples.
 */
interface CompletionOutput extends AutoCloseable {

  /** Whether a completion is there from an earlier, interrupted call. */
  boolean has(int index, int sample);

  /** The number of completions that are there. */
  int size();

  /** Adds a row of {@link AnswerFormat#JSONL}. */
  void add(ObjectNode row);

  /** All completions are there. */
  void complete();

  @Override
  void close();

  /** To the standard output: a row is written when all before it are. */
  static CompletionOutput printed(
      Printer out, int samples, Function<Printer, AnswerWriter> writer) {
    AnswerWriter answers = writer.apply(out);
    TreeMap<Long, ObjectNode> waiting = new TreeMap<>();
    return new CompletionOutput() {
      private long next;

      @Override
      public boolean has(int index, int sample) {
        return false;
      }

      @Override
      public int size() {
        return 0;
      }

      @Override
      public void add(ObjectNode row) {
        waiting.put(row.path("index").asLong() * samples + row.path("sample").asLong(), row);
        for (ObjectNode due = waiting.remove(next); due != null; due = waiting.remove(next)) {
          ObjectNode written = due;
          attempt(() -> answers.write(written));
          next++;
        }
        out.requireSound(); // else all would be computed for nobody
      }

      @Override
      public void complete() {
        attempt(answers::end);
      }

      @Override
      public void close() {}
    };
  }

  /**
   * To a file that appears when it is complete; until then the rows are in {@code FILE.partial}.
   *
   * @param owner identifies what the completions depend on
   */
  static CompletionOutput file(
      OutputFile.Target target, String owner, Function<BufferedOutputStream, AnswerWriter> writer) {
    PartialFile partial = PartialFile.open(partial(target.path()), owner);
    return new CompletionOutput() {
      @Override
      public boolean has(int index, int sample) {
        return partial.has(index, sample);
      }

      @Override
      public int size() {
        return partial.size();
      }

      @Override
      public void add(ObjectNode row) {
        partial.add(row);
      }

      @Override
      public void complete() {
        Path temporary = AtomicFile.sibling(target.path(), "tmp");
        try {
          try (FileChannel channel =
              FileChannel.open(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            AnswerWriter answers =
                writer.apply(new BufferedOutputStream(Channels.newOutputStream(channel)));
            partial.forEach(row -> attempt(() -> answers.write(row)));
            answers.end();
            channel.force(true);
          }
          target.publish(temporary);
          partial.delete();
        } catch (UncheckedIOException e) {
          throw target.failure(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
          throw target.failure(e);
        } finally {
          temporary.toFile().delete(); // gone already if it was renamed
        }
      }

      @Override
      public void close() {
        partial.close();
      }
    };
  }

  /** The name of the file with the rows so far. */
  static Path partial(Path file) {
    return file.resolveSibling(file.getFileName() + ".partial");
  }

  /** Something that writes. */
  interface Writing {
    void run() throws IOException;
  }

  private static void attempt(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
