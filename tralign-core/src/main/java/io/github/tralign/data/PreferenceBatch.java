package io.github.tralign.data;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * The examples of one optimizer step, or a slice of them.
 *
 * @param examples at least one, in order
 */
public record PreferenceBatch(ImmutableList<Example> examples) {

  /**
   * Checks that there is at least one example.
   *
   * @throws IllegalArgumentException if {@code examples} is empty
   */
  public PreferenceBatch {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("a batch needs at least one example");
    }
  }

  /** A batch of the given examples, in this order. */
  public static PreferenceBatch of(Example... examples) {
    requireNonNull(examples, "examples");
    return new PreferenceBatch(ImmutableList.copyOf(examples));
  }

  /** A batch of the given examples, in this order; the list is copied. */
  public static PreferenceBatch of(List<Example> examples) {
    requireNonNull(examples, "examples");
    return new PreferenceBatch(ImmutableList.copyOf(examples));
  }

  /**
   * Checks that all token ids are in a model's vocabulary.
   *
   * @throws IllegalArgumentException as {@link Example#requireKnown} does
   */
  public void requireKnown(int vocabularySize) {
    examples.forEach(example -> example.requireKnown(vocabularySize));
  }

  /** Number of examples. */
  public int size() {
    return examples.size();
  }

  /** Number of completions of all examples together. */
  public int completions() {
    return examples.stream().mapToInt(example -> example.completions().size()).sum();
  }

  /** Tokens of all examples in packed form: each prompt once, and each completion. */
  public int packedTokens() {
    return examples.stream().mapToInt(Example::packedTokens).sum();
  }

  /** Tokens of all prompts and completions if the prompt is repeated for each completion. */
  public long sequenceTokens() {
    return examples.stream()
        .mapToLong(
            it -> (long) it.completions().size() * it.prompt().length() + it.completionTokens())
        .sum();
  }

  /** The same if each sequence is padded to the longest: the size of a padded batch. */
  public long paddedTokens() {
    int longest = examples.stream().mapToInt(Example::longestSequence).max().orElse(0);
    return (long) completions() * longest;
  }

  /** Tokens of all completions: the number of log-probabilities computed by scoring. */
  public int completionTokens() {
    return examples.stream().mapToInt(Example::completionTokens).sum();
  }

  /**
   * Splits the batch into consecutive slices of at most {@code tokenBudget} packed tokens. Each
   * slice takes as many examples as fit; an example that is longer than the budget is a slice of
   * its own.
   *
   * @param tokenBudget maximum number of packed tokens of a slice, at least 1
   * @throws IllegalArgumentException if {@code tokenBudget} is less than 1
   */
  public List<PreferenceBatch> microBatches(int tokenBudget) {
    if (tokenBudget < 1) {
      throw new IllegalArgumentException(
          "a micro-batch needs a budget of at least 1 token, not " + tokenBudget);
    }
    List<PreferenceBatch> slices = new ArrayList<>();
    int from = 0;
    long tokens = 0;
    for (int i = 0; i < examples.size(); i++) {
      int more = examples.get(i).packedTokens();
      if (i > from && tokens + more > tokenBudget) {
        slices.add(new PreferenceBatch(examples.subList(from, i)));
        from = i;
        tokens = 0;
      }
      tokens += more;
    }
    slices.add(new PreferenceBatch(examples.subList(from, examples.size())));
    return List.copyOf(slices);
  }
}
