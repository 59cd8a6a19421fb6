package io.github.tralign.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.data.Example;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import io.github.tralign.policy.TokenLogProbs;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines that {@code logps} writes, one by one. They go to a temporary file that gets its name
 * when all are there, so that a file of scores is complete or as it was before.
 */
final class ScoreFile implements AutoCloseable {

  /** How such a file begins. */
  static final Pattern BEGINNING =
      Pattern.compile("\\{\"index\":\\d+,\"(chosen|completion)\":\\{\"logp\":");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final OutputFile.@Nullable Target target; // null: the standard output
  private final @Nullable Path temporary;
  private final @Nullable FileChannel channel;
  private final OutputStream out;

  private ScoreFile(
      OutputFile.@Nullable Target target,
      @Nullable Path temporary,
      @Nullable FileChannel channel,
      OutputStream out) {
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
    this.out = out;
  }

  /**
   * Begins to write.
   *
   * @param target the file; null for the standard output
   */
  static ScoreFile open(OutputFile.@Nullable Target target, Printer standardOutput) {
    if (target == null) {
      return new ScoreFile(null, null, null, standardOutput);
    }
    Path temporary = AtomicFile.sibling(target.path(), "tmp");
    try {
      FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new ScoreFile(
          target, temporary, channel, new BufferedOutputStream(Channels.newOutputStream(channel)));
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /** Writes the line of a pair or of a single completion. */
  void write(long row, TokenLogProbs scores, int index, Example example) {
    ObjectNode line = JSON.createObjectNode().put("index", row);
    if (example.isPair()) {
      put(line.putObject("chosen"), scores, index, 0, example);
      put(line.putObject("rejected"), scores, index, 1, example);
    } else {
      put(line.putObject("completion"), scores, index, 0, example);
    }
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failure(target, e);
    }
    if (out instanceof Printer standardOutput) {
      standardOutput.requireSound(); // else all would be computed for nobody
    }
  }

  /** Everything is written: the file gets its name. */
  void complete() {
    try {
      out.flush();
      if (target != null && temporary != null && channel != null) {
        channel.force(true);
        out.close();
        target.publish(temporary);
      }
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  @Override
  public void close() {
    if (temporary == null) {
      return; // the standard output stays open
    }
    try {
      out.close();
      Files.deleteIfExists(temporary); // gone already if it was completed
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  private static UncheckedIOException failure(OutputFile.@Nullable Target target, IOException e) {
    return target == null
        ? new UncheckedIOException("the standard output cannot be written: " + Reason.of(e), e)
        : target.failure(e);
  }

  private static void put(
      ObjectNode to, TokenLogProbs scores, int index, int completion, Example example) {
    to.put("logp", FiniteScore.of(scores, index, completion, example))
        .put("tokens", scores.tokens(index, completion));
  }
}
