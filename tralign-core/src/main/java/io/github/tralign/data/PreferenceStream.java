package io.github.tralign.data;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterators;
import io.github.tralign.InvalidInputException;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Examples that are read and tokenized while they are trained on, so that only a bounded number of
 * them is in memory.
 *
 * <pre>{@code
 * var rows = PreferenceData.read(tokenizer).maxLength(512).stream(Path.of("pairs.jsonl"));
 * Trainer.builder().data(rows).maxSteps(10_000)…
 * }</pre>
 *
 * <p>Where more examples are asked for than there are, the source is opened anew and must then give
 * the same ones. Not safe for use by several threads, nor by several trainings at the same time.
 */
public final class PreferenceStream {

  private final Function<Tally, ExamplePass> source;
  private final Function<Example, ImmutableList<Example>> form;
  private final int maxLength;
  private Tally tally = new Tally();
  private StatisticsTally statistics = new StatisticsTally();

  private PreferenceStream(
      Function<Tally, ExamplePass> source,
      Function<Example, ImmutableList<Example>> form,
      int maxLength) {
    this.source = source;
    this.form = form;
    this.maxLength = maxLength;
  }

  /**
   * Examples that a program makes itself.
   *
   * @param examples gives an iterator for each pass; there may be no end to it
   */
  public static PreferenceStream of(Iterable<Example> examples) {
    requireNonNull(examples, "examples");
    return from(
        tally -> new ExamplePass(counted(examples.iterator(), tally::used), () -> {}),
        LengthLimits.NONE.total());
  }

  /**
   * Examples of a source that is opened for each pass.
   *
   * @param source counts in what it is given
   */
  static PreferenceStream from(Function<Tally, ExamplePass> source, int maxLength) {
    return new PreferenceStream(source, ImmutableList::of, maxLength);
  }

  /** As {@link PreferenceData#unpaired}, example by example. */
  public PreferenceStream unpaired() {
    return each(Example::unpaired);
  }

  /** As {@link PreferenceData#demonstrations}, example by example. */
  public PreferenceStream demonstrations() {
    return each(Example::demonstrations);
  }

  private PreferenceStream each(Function<Example, ImmutableList<Example>> further) {
    return new PreferenceStream(
        source,
        example ->
            form.apply(example).stream()
                .flatMap(it -> further.apply(it).stream())
                .collect(ImmutableList.toImmutableList()),
        maxLength);
  }

  /**
   * Tokens that a prompt with one completion is cut to, as in {@link PreferenceData#maxLength()}.
   */
  public int maxLength() {
    return maxLength;
  }

  /**
   * The first examples, read in a pass of its own.
   *
   * @param number at most so many, at least 1
   * @throws InvalidInputException if a file or a row is invalid, or there is no example at all
   */
  public ImmutableList<Example> first(int number) {
    Tally counted = new Tally();
    try (ExamplePass pass = open(counted)) {
      if (!pass.examples().hasNext()) {
        throw new InvalidInputException("no row can be used:\n" + counted.report());
      }
      return ImmutableList.copyOf(Iterators.limit(pass.examples(), number));
    }
  }

  /**
   * What became of the rows so far, in the first pass of the latest training: later passes give the
   * same ones. Rows count once an example of them was taken, faulty ones and ties as soon as they
   * are read; files are named when the pass is at its end.
   */
  public DataReport report() {
    return tally.report();
  }

  /** What the examples of that pass look like, as far as they were taken. */
  public DataStatistics statistics() {
    return statistics.statistics();
  }

  /** Begins a training's first pass, which is reported. */
  ExamplePass begin() {
    tally = new Tally();
    statistics = new StatisticsTally();
    ExamplePass pass = open(tally);
    return new ExamplePass(counted(pass.examples(), statistics::add), pass::close);
  }

  /** Begins a further pass. */
  ExamplePass again() {
    return open(new Tally());
  }

  private static Iterator<Example> counted(Iterator<Example> examples, Consumer<Example> count) {
    return Iterators.transform(
        examples,
        example -> {
          count.accept(example);
          return example;
        });
  }

  private ExamplePass open(Tally counted) {
    ExamplePass pass = source.apply(counted);
    return new ExamplePass(
        Iterators.concat(Iterators.transform(pass.examples(), it -> form.apply(it).iterator())),
        pass::close);
  }
}
