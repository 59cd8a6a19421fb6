package io.github.tralign.data;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.List;
import java.util.function.Function;

/**
 * Examples to train or evaluate on, with the report of how they came about.
 *
 * <pre>{@code
 * var data = PreferenceData.read(tokenizer).maxLength(512).file(Path.of("pairs.jsonl"));
 * }</pre>
 *
 * @param examples at least one, in the order of the rows
 * @param report what became of the rows
 * @param maxLength tokens that a prompt with one completion was cut to, {@link Integer#MAX_VALUE}
 *     where that was not limited; a loss that puts a prompt before another's completion cuts to it
 */
public record PreferenceData(ImmutableList<Example> examples, DataReport report, int maxLength) {

  /**
   * Checks that there is an example.
   *
   * @throws IllegalArgumentException if {@code examples} is empty
   */
  public PreferenceData {
    requireNonNull(report, "report");
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("preference data needs at least one example");
    }
  }

  /** Starts reading text rows: a builder of what to keep, ended by naming the rows' source. */
  public static PreferenceReader read(Tokenizer tokenizer) {
    requireNonNull(tokenizer, "tokenizer");
    return new PreferenceReader(tokenizer);
  }

  /** Examples that were made in memory. */
  public static PreferenceData of(List<Example> examples) {
    requireNonNull(examples, "examples");
    Tally tally = new Tally();
    examples.forEach(tally::used);
    return new PreferenceData(
        ImmutableList.copyOf(examples), tally.report(), LengthLimits.NONE.total());
  }

  /** Examples that were made in memory. */
  public static PreferenceData of(Example... examples) {
    requireNonNull(examples, "examples");
    return of(List.of(examples));
  }

  /**
   * Each pair as two examples of one labelled completion, the chosen one desirable, the rejected
   * one undesirable; other examples as they are. A pair's weight is that of both; margins and win
   * probabilities say nothing of one completion and are left behind.
   */
  public PreferenceData unpaired() {
    return each(Example::unpaired);
  }

  /**
   * What is worth imitating, one completion an example: the chosen one of each pair, and every
   * completion alone that is not labelled undesirable. Labels, margins and win probabilities are
   * left behind, weights stay.
   *
   * @throws IllegalArgumentException if nothing is left
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

  /** What the examples look like; what the report tells of that is of the rows as they were. */
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
   * SHA-256 of all token ids and judgements in their order, in hex: equal exactly if a model is
   * trained on the same examples, wherever they came from.
   */
  public String fingerprint() {
    Hasher hasher = Hashing.sha256().newHasher();
    examples.forEach(example -> example.hashInto(hasher));
    return hasher.hash().toString();
  }

  /** The report in lines for a person. */
  @Override
  public String toString() {
    return report.toString();
  }
}
