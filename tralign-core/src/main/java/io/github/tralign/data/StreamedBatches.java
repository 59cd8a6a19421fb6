package io.github.tralign.data;

import com.google.common.collect.Iterators;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Batches of a stream, read when their steps are asked for. A pass over the rows is an epoch: its
 * last batch may be smaller, and the next pass has another order.
 */
final class StreamedBatches implements Batches {

  private final PreferenceStream stream;
  private final int batchSize;
  private final int window;
  private final long seed;
  private final Consumer<Example> check;

  private final TreeMap<Long, Batch> kept = new TreeMap<>(); // by step
  private long steps; // drawn so far
  private int examples; // of these; where it overflows, the first are long forgotten
  private long passes;
  private StreamPosition position = StreamPosition.START;
  private @Nullable ExamplePass pass;
  private Iterator<Example> order = Collections.emptyIterator();

  StreamedBatches(
      PreferenceStream stream, int batchSize, int window, long seed, Consumer<Example> check) {
    EpochBatches.requireSize(batchSize);
    if (window < 0) {
      throw new IllegalArgumentException(
          "the window to shuffle in must have at least 0 examples, not " + window);
    }
    this.stream = stream;
    this.batchSize = batchSize;
    this.window = Math.max(1, window);
    this.seed = seed;
    this.check = check;
  }

  @Override
  public long examples() {
    return UNKNOWN;
  }

  @Override
  public long stepsPerEpoch() {
    return UNKNOWN;
  }

  @Override
  public Batch at(long step) {
    if (step < 1) {
      throw new IllegalArgumentException("steps are counted from 1, not " + step);
    }
    while (steps < step) {
      steps++;
      kept.put(steps, draw(steps));
    }
    Batch batch = kept.get(step);
    if (batch == null) {
      throw new IllegalArgumentException("step " + step + " of a stream has gone by");
    }
    return batch;
  }

  private Batch draw(long step) {
    List<Example> batch = new ArrayList<>(batchSize);
    while (batch.isEmpty()) {
      if (pass == null) {
        begin();
      }
      while (batch.size() < batchSize && order.hasNext()) {
        batch.add(order.next());
      }
      if (batch.size() < batchSize) {
        endPass();
      }
    }
    int first = examples;
    ImmutableIntArray rows =
        ImmutableIntArray.copyOf(IntStream.range(0, batch.size()).map(i -> first + i));
    examples += batch.size();
    return new Batch(step, PreferenceBatch.of(batch), rows);
  }

  private void begin() {
    ExamplePass begun = passes == 0 ? stream.begin() : stream.again();
    pass = begun;
    order =
        new ShuffleWindow(
            Iterators.transform(begun.examples(), this::read),
            window,
            new EpochRandom(seed, passes));
    if (!order.hasNext()) {
      throw new InvalidInputException("no row can be used:\n" + stream.report());
    }
    passes++;
  }

  private Example read(Example example) {
    try {
      check.accept(example);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
    position = position.and(example);
    return example;
  }

  private void endPass() {
    if (pass != null) {
      pass.close();
      pass = null;
    }
  }

  @Override
  public void forgetBefore(long step) {
    kept.headMap(step).clear();
  }

  @Override
  public StreamPosition position() {
    return position;
  }

  @Override
  public void requireRead(StreamPosition before) {
    while (position.examples() < before.examples()) {
      at(steps + 1);
    }
    if (!position.equals(before)) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "the run cannot be resumed: its data differs: the %,d examples that it had read are"
                  + " not those that are read now; use the rows that it began with",
              before.examples()));
    }
  }

  /** Afterwards the stream begins again, at step 1. */
  @Override
  public void close() {
    endPass();
    order = Collections.emptyIterator();
    kept.clear();
    steps = 0;
    examples = 0;
    passes = 0;
    position = StreamPosition.START;
  }
}
