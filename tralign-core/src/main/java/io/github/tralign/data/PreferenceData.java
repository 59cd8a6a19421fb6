package io.github.tralign.data;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.List;
import java.util.function.Function;

/**
 * Examples to train or evaluate on, with the report of how they were read.
 *
 * <pre>{@code
 * var data = PreferenceData.read(tokenizer).maxLength(512).file(Path.of("pairs.jsonl"));
 * }</pre>
 *
 * @param examples at least one, in the order of the rows
 * @param report what happened to the rows
 * @param maxLength maximum number of tokens of a prompt with one completion, {@link
 *     Integer#MAX_VALUE} if not limited; mismatched completions are truncated to it too
 */
public record PreferenceData(ImmutableList<Example> examples, DataReport report, int maxLength) {

  /**
   * Checks that there is at least one example.
   *
   * @throws IllegalArgumentException if {@code examples} is empty
   */
  public PreferenceData {
    requireNonNull(report, "report");
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("preference data needs at least one example");
    }
  }

  /** Returns a builder for reading rows, which ends with naming their source. */
  public static PreferenceReader read(Tokenizer tokenizer) {
    requireNonNull(tokenizer, "tokenizer");
    return new PreferenceReader(tokenizer);
  }

  /** Examples from memory. */
  public static PreferenceData of(List<Example> examples) {
    requireNonNull(examples, "examples");
    Tally tally = new Tally();
    examples.forEach(tally::used);
    return new PreferenceData(
        ImmutableList.copyOf(examples), tally.report(), LengthLimits.NONE.total());
  }

  /** Examples from memory. */
  public static PreferenceData of(Example... examples) {
    requireNonNull(examples, "examples");
    return of(List.of(examples));
  }

  /**
   * Splits each pair into two labelled examples, the chosen completion desirable, the rejected one
   * undesirable; other examples are unchanged. Both keep the pair's weight; margins and win
   * probabilities, which compare two completions, are dropped.
   */
  public PreferenceData unpaired() {
    return each(Example::unpaired);
  }

  /**
   * The examples for supervised fine-tuning, one completion each: the chosen one of each pair, and
   * every single completion that is not labelled undesirable. Labels, margins and win probabilities
   * are dropped, weights are kept.
   *
   * @throws IllegalArgumentException if no example is left
   */
  public PreferenceData demonstrations() {
    return each(Example::demonstrations);
  }

  private PreferenceData each(Function<Example, ImmutableList<Example>> form) {
    return new PreferenceData(
        examples.stream().flatMap(it -> form.apply(it).stream()).collect(toImmutableList()),
        report,
        maxLength);
  }

  /** Statistics of these examples; those of the report are of the rows as they were read. */
  public DataStatistics statistics() {
    StatisticsTally tally = new StatisticsTally();
    examples.forEach(tally::add);
    return tally.statistics();
  }

  /** Number of examples. */
  public int size() {
    return examples.size();
  }

  /**
   * SHA-256 of all token ids and judgements in order, in hex. It identifies the training examples,
   * independent of their source.
   */
  public String fingerprint() {
    Hasher hasher = Hashing.sha256().newHasher();
    examples.forEach(example -> example.hashInto(hasher));
    return hasher.hash().toString();
  }

  /** The report as text. */
  @Override
  public String toString() {
    return report.toString();
  }
}
