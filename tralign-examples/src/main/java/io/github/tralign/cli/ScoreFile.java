package io.github.tralign.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.data.Example;
import io.github.tralign.file.Reason;
import io.github.tralign.policy.TokenLogProbs;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The lines that {@code logps} writes, one by one. They go to a temporary file that gets its name
 * when all are there, so that a file of scores is complete or as it was before.
 */
final class ScoreFile implements AutoCloseable {

  private static final String STANDARD_OUTPUT = "-";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final @Nullable Path target; // null: the standard output
  private final @Nullable Path temporary;
  private final OutputStream out;

  private ScoreFile(@Nullable Path target, @Nullable Path temporary, OutputStream out) {
    this.target = target;
    this.temporary = temporary;
    this.out = out;
  }

  /** Refuses what cannot be written, or must not be written over. */
  static void check(String output, List<Path> data) {
    if (output.equals(STANDARD_OUTPUT)) {
      return;
    }
    Path path = Path.of(output);
    OutputFile.check(path);
    for (Path file : data) {
      if (path.toAbsolutePath().normalize().equals(file.toAbsolutePath().normalize())) {
        throw new Refusal(OutputFile.OPTION, path + " is read as --data; choose another name");
      }
    }
  }

  static ScoreFile open(String output, PrintStream standardOutput) {
    if (output.equals(STANDARD_OUTPUT)) {
      return new ScoreFile(null, null, standardOutput);
    }
    Path target = Path.of(output);
    Path temporary =
        target.resolveSibling("." + target.getFileName() + ".tmp-" + UUID.randomUUID());
    try {
      return new ScoreFile(
          target, temporary, new BufferedOutputStream(Files.newOutputStream(temporary)));
    } catch (IOException e) {
      throw new UncheckedIOException(target + ": cannot be written: " + Reason.of(e), e);
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
      throw new UncheckedIOException(target + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /** Everything is written: the file gets its name. */
  void complete() {
    try {
      out.flush();
      if (target != null && temporary != null) {
        out.close();
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(target + ": cannot be written: " + Reason.of(e), e);
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
      throw new UncheckedIOException(target + ": cannot be written: " + Reason.of(e), e);
    }
  }

  private static void put(
      ObjectNode to, TokenLogProbs scores, int index, int completion, Example example) {
    to.put("logp", FiniteScore.of(scores, index, completion, example))
        .put("tokens", scores.tokens(index, completion));
  }
}
