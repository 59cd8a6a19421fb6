package io.github.tralign.data;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import java.util.List;

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
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("preference data needs at least one example");
    }
  }

  /** Starts reading text rows: a builder of what to keep, ended by naming the rows' source. */
  public static PreferenceReader read(Tokenizer tokenizer) {
    return new PreferenceReader(tokenizer);
  }

  /** Examples that were made in memory. */
  public static PreferenceData of(List<Example> examples) {
    Tally tally = new Tally();
    examples.forEach(tally::used);
    return new PreferenceData(
        ImmutableList.copyOf(examples), tally.report(), LengthLimits.NONE.total());
  }

  /** Examples that were made in memory. */
  public static PreferenceData of(Example... examples) {
    return of(List.of(examples));
  }

  /**
   * Each pair as two examples of one labelled completion, the chosen one desirable, the rejected
   * one undesirable; other examples as they are. A pair's weight is that of both; margins and win
   * probabilities say nothing of one completion and are left behind.
   */
  public PreferenceData unpaired() {
    ImmutableList.Builder<Example> each = ImmutableList.builder();
    for (Example example : examples) {
      if (example.isPair()) {
        each.add(half(example, example.chosen(), true), half(example, example.rejected(), false));
      } else {
        each.add(example);
      }
    }
    return new PreferenceData(each.build(), report, maxLength);
  }

  /**
   * What is worth imitating, one completion an example: the chosen one of each pair, and every
   * completion alone that is not labelled undesirable. Labels, margins and win probabilities are
   * left behind, weights stay.
   *
   * @throws IllegalArgumentException if nothing is left
   */
  public PreferenceData demonstrations() {
    ImmutableList.Builder<Example> shown = ImmutableList.builder();
    for (Example example : examples) {
      if (example.judgement().label() != Judgement.Label.UNDESIRABLE) {
        shown.add(
            new Example(
                example.prompt(),
                example.completions().subList(0, 1),
                Judgement.NONE.weight(example.judgement().weight()),
                example.origin()));
      }
    }
    return new PreferenceData(shown.build(), report, maxLength);
  }

  private static Example half(Example pair, ImmutableIntArray completion, boolean desirable) {
    Judgement judgement = Judgement.labelled(desirable).weight(pair.judgement().weight());
    return new Example(pair.prompt(), ImmutableList.of(completion), judgement, pair.origin());
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
    for (Example example : examples) {
      put(hasher, example.prompt());
      hasher.putInt(example.completions().size());
      example.completions().forEach(completion -> put(hasher, completion));
      if (!example.judgement().equals(Judgement.NONE)) {
        hasher.putUnencodedChars(example.judgement().toString());
      }
    }
    return hasher.hash().toString();
  }

  /** The report in lines for a person. */
  @Override
  public String toString() {
    return report.toString();
  }

  private static void put(Hasher hasher, ImmutableIntArray tokens) {
    hasher.putInt(tokens.length()); // so that tokens cannot move from one part to the next
    tokens.forEach(hasher::putInt);
  }
}
