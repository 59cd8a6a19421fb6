package io.github.tralign.quickstart;

import io.github.tralign.djl.RandomCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A checkpoint and pairs for tests, made in no time. */
public final class TinyCheckpoint {

  static final TinyLlama SHAPE = new TinyLlama(16, 32, 1, 2);

  private TinyCheckpoint() {}

  /** Writes a checkpoint with a tokenizer that knows the grammar's words. */
  public static Path write(Path folder) {
    try {
      Path tokenizer = folder.resolve("tokenizer");
      int vocabulary = WordTokenizer.write(tokenizer, Grammar.vocabulary());
      RandomCheckpoint.write(folder.resolve("model"), SHAPE.config(vocabulary), tokenizer, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder.resolve("model");
  }

  /** Writes so many pairs. */
  public static Path pairs(Path folder, int count) {
    QuickstartSettings settings =
        QuickstartSettings.builder().trainingPairs(count).heldOutPairs(1).build();
    Pairs.write(folder.resolve("pairs.jsonl"), Pairs.draw(settings).training());
    return folder.resolve("pairs.jsonl");
  }
}
