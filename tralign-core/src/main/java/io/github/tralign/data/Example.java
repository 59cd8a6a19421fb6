package io.github.tralign.data;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.PrimitiveSink;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.text.Numbers;
import java.util.List;
import java.util.Locale;

/**
 * A prompt with its K ≥ 1 completions, as token ids without padding.
 *
 * <p>K is 1 for a demonstration or a labelled completion, 2 for a preference pair (the chosen
 * completion first). The prompt is stored once and shared by the completions, so that an engine can
 * compute it once.
 *
 * @param prompt at least one token: the first token of a completion is predicted from it
 * @param completions at least one completion, each of at least one token; these tokens are scored
 * @param judgement weight, label, margin and win probability: a label only if K is 1, a margin or a
 *     win probability only if K is 2
 * @param origin where the example comes from, such as {@code data.jsonl:7}; used in messages only
 */
public record Example(
    ImmutableIntArray prompt,
    ImmutableList<ImmutableIntArray> completions,
    Judgement judgement,
    String origin) {

  private static final String IN_MEMORY = "in memory";

  /**
   * Checks the shape of the example.
   *
   * @throws IllegalArgumentException if the prompt, the list of completions or one of them is
   *     empty, a token id is negative, or the judgement does not fit the number of completions
   */
  public Example {
    requireNonNull(prompt, "prompt");
    requireNonNull(judgement, "judgement");
    requireNonNull(origin, "origin");
    requireTokens(prompt, "the prompt", origin);
    if (completions.isEmpty()) {
      throw new IllegalArgumentException(origin + ": an example needs at least one completion");
    }
    for (int k = 0; k < completions.size(); k++) {
      requireTokens(completions.get(k), "completion " + k, origin);
    }
    requireFor(judgement.isLabelled(), 1, "a label", completions.size(), origin);
    requireFor(judgement.isOfPair(), 2, "a margin or win probability", completions.size(), origin);
  }

  /** An example without a judgement. */
  public Example(
      ImmutableIntArray prompt, ImmutableList<ImmutableIntArray> completions, String origin) {
    this(prompt, completions, Judgement.NONE, origin);
  }

  /** An example. The arrays are copied. */
  public static Example of(
      int[] prompt, List<int[]> completions, Judgement judgement, String origin) {
    requireNonNull(prompt, "prompt");
    requireNonNull(completions, "completions");
    return new Example(
        ImmutableIntArray.copyOf(prompt),
        completions.stream().map(ImmutableIntArray::copyOf).collect(toImmutableList()),
        judgement,
        origin);
  }

  /** A preference pair. The arrays are copied. */
  public static Example pair(int[] prompt, int[] chosen, int[] rejected) {
    requireNonNull(prompt, "prompt");
    requireNonNull(chosen, "chosen");
    requireNonNull(rejected, "rejected");
    return new Example(
        ImmutableIntArray.copyOf(prompt),
        ImmutableList.of(ImmutableIntArray.copyOf(chosen), ImmutableIntArray.copyOf(rejected)),
        IN_MEMORY);
  }

  /** A prompt with one completion for supervised fine-tuning. The arrays are copied. */
  public static Example demonstration(int[] prompt, int[] completion) {
    requireNonNull(prompt, "prompt");
    requireNonNull(completion, "completion");
    return new Example(
        ImmutableIntArray.copyOf(prompt),
        ImmutableList.of(ImmutableIntArray.copyOf(completion)),
        IN_MEMORY);
  }

  /** A completion labelled desirable or undesirable. The arrays are copied. */
  public static Example labelled(int[] prompt, int[] completion, boolean desirable) {
    requireNonNull(prompt, "prompt");
    requireNonNull(completion, "completion");
    return demonstration(prompt, completion).with(Judgement.labelled(desirable));
  }

  /** The same example with another judgement. */
  public Example with(Judgement other) {
    requireNonNull(other, "other");
    return new Example(prompt, completions, other, origin);
  }

  /** Whether this is a preference pair, that is K = 2. */
  public boolean isPair() {
    return completions.size() == 2;
  }

  /**
   * The preferred completion of a pair.
   *
   * @throws IllegalStateException unless K = 2
   */
  public ImmutableIntArray chosen() {
    return ofPair(0);
  }

  /**
   * The other completion of a pair.
   *
   * @throws IllegalStateException unless K = 2
   */
  public ImmutableIntArray rejected() {
    return ofPair(1);
  }

  /**
   * Splits a pair into two labelled examples, the chosen completion desirable, the rejected one
   * undesirable; other examples are unchanged. Both keep the pair's weight; margins and win
   * probabilities, which compare two completions, are dropped.
   */
  ImmutableList<Example> unpaired() {
    return isPair()
        ? ImmutableList.of(labelled(chosen(), true), labelled(rejected(), false))
        : ImmutableList.of(this);
  }

  private Example labelled(ImmutableIntArray completion, boolean desirable) {
    Judgement label = Judgement.labelled(desirable).weight(judgement.weight());
    return new Example(prompt, ImmutableList.of(completion), label, origin);
  }

  /**
   * The example for supervised fine-tuning: the first completion, unless it is labelled
   * undesirable, without label, margin and win probability.
   */
  ImmutableList<Example> demonstrations() {
    return judgement.label() == Judgement.Label.UNDESIRABLE
        ? ImmutableList.of()
        : ImmutableList.of(
            new Example(
                prompt,
                completions.subList(0, 1),
                Judgement.NONE.weight(judgement.weight()),
                origin));
  }

  /** Adds token ids and judgement to a hash: exactly what a model is trained on. */
  void hashInto(PrimitiveSink hash) {
    hashInto(hash, prompt);
    hash.putInt(completions.size());
    completions.forEach(completion -> hashInto(hash, completion));
    if (!judgement.equals(Judgement.NONE)) {
      hash.putUnencodedChars(judgement.toString());
    }
  }

  private static void hashInto(PrimitiveSink hash, ImmutableIntArray tokens) {
    hash.putInt(tokens.length()); // so that tokens cannot move from one part to the next
    tokens.forEach(hash::putInt);
  }

  /** Tokens of the prompt, counted once, and of all completions: its size in a packed batch. */
  public int packedTokens() {
    return prompt.length() + completionTokens();
  }

  /** Tokens of the prompt with its longest completion. */
  public int longestSequence() {
    int longest = 0;
    for (ImmutableIntArray completion : completions) {
      longest = Math.max(longest, completion.length());
    }
    return prompt.length() + longest;
  }

  /** Tokens of all completions: the number of log-probabilities computed by scoring. */
  public int completionTokens() {
    int tokens = 0;
    for (ImmutableIntArray completion : completions) {
      tokens += completion.length();
    }
    return tokens;
  }

  /**
   * Checks that all token ids are in a model's vocabulary.
   *
   * @param vocabularySize size of the vocabulary; ids must be smaller
   * @throws IllegalArgumentException naming the example and the first larger token id
   */
  public void requireKnown(int vocabularySize) {
    requireBelow(prompt, vocabularySize);
    completions.forEach(completion -> requireBelow(completion, vocabularySize));
  }

  private void requireBelow(ImmutableIntArray tokens, int vocabularySize) {
    for (int i = 0; i < tokens.length(); i++) {
      if (tokens.get(i) >= vocabularySize) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s holds the token id %d, but the model knows only ids below %d: the tokenizer"
                    + " is not the model's",
                origin,
                tokens.get(i),
                vocabularySize));
      }
    }
  }

  /**
   * The index of the first completion with the same tokens as the given one, which may be the given
   * index itself. Equal completions express no preference, but engines may round their scores
   * differently.
   *
   * @param completion index into {@link #completions}
   * @return an index up to {@code completion}
   */
  public int firstEqual(int completion) {
    return completions.indexOf(completions.get(completion));
  }

  private ImmutableIntArray ofPair(int index) {
    if (!isPair()) {
      throw new IllegalStateException(
          origin
              + ": not a pair but a prompt with "
              + Numbers.count(completions.size(), "completion"));
    }
    return completions.get(index);
  }

  private static void requireFor(
      boolean given, int expected, String what, int completions, String origin) {
    if (given && completions != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: %s is for %s, but there %s %d",
              origin,
              what,
              Numbers.count(expected, "completion"),
              completions == 1 ? "is" : "are",
              completions));
    }
  }

  private static void requireTokens(ImmutableIntArray tokens, String part, String origin) {
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException(origin + ": " + part + " has no token");
    }
    for (int i = 0; i < tokens.length(); i++) {
      if (tokens.get(i) < 0) {
        throw new IllegalArgumentException(
            origin + ": " + part + " holds the negative token id " + tokens.get(i));
      }
    }
  }
}
