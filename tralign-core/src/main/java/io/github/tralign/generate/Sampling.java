package io.github.tralign.generate;

import static io.github.tralign.InvalidSettingException.require;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableSet;
import io.github.tralign.InvalidSettingException;
import java.util.Set;

/**
 * How the next token is chosen, and when a completion ends. Filters apply in the order and with the
 * meaning of transformers: repetition penalty, n-grams, minimum length; then, unless greedy,
 * temperature, top-k, top-p, min-p.
 *
 * @param temperature divides the logits, ≥ 0; 0 chooses the most probable token (greedy), the first
 *     of equal ones
 * @param topK keeps the k most probable tokens and ties with the last of them; 0 keeps all
 * @param topP keeps the smallest set of the most probable tokens with at least this probability, in
 *     (0, 1]; 1 keeps all
 * @param minP keeps tokens with at least this share of the largest probability, in [0, 1]; 0 keeps
 *     all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens that occurred
 *     in prompt or completion, in [0.001, 1000], so that they stay finite; 1 changes nothing
 * @param noRepeatNgramSize no sequence of this many tokens occurs twice, in prompt and completion
 *     together; 0 allows all
 * @param minNewTokens end tokens are not chosen before this many tokens, ≥ 0
 * @param maxNewTokens a completion has at most this many tokens, ≥ 1
 * @param endTokens a completion ends with any of these
 */
public record Sampling(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    int noRepeatNgramSize,
    int minNewTokens,
    int maxNewTokens,
    ImmutableSet<Integer> endTokens) {

  /** The least repetition penalty. */
  public static final double MIN_REPETITION_PENALTY = 1e-3;

  /** The largest repetition penalty. */
  public static final double MAX_REPETITION_PENALTY = 1e3;

  /**
   * Checks the ranges.
   *
   * @throws InvalidSettingException if a setting is outside its range
   */
  public Sampling {
    requireNonNull(endTokens, "endTokens");
    inRange(Double.isFinite(temperature) && temperature >= 0, "temperature", "[0, ∞)", temperature);
    inRange(topK >= 0, "topK", "[0, ∞)", topK);
    inRange(topP > 0 && topP <= 1, "topP", "(0, 1]", topP);
    inRange(minP >= 0 && minP <= 1, "minP", "[0, 1]", minP);
    inRange(
        repetitionPenalty >= MIN_REPETITION_PENALTY && repetitionPenalty <= MAX_REPETITION_PENALTY,
        "repetitionPenalty",
        "[0.001, 1000]",
        repetitionPenalty);
    inRange(noRepeatNgramSize >= 0, "noRepeatNgramSize", "[0, ∞)", noRepeatNgramSize);
    inRange(minNewTokens >= 0, "minNewTokens", "[0, ∞)", minNewTokens);
    inRange(maxNewTokens >= 1, "maxNewTokens", "[1, ∞)", maxNewTokens);
    for (int token : endTokens) {
      require(token >= 0, "endTokens", "end token " + token + " is not a token id, which is ≥ 0");
    }
  }

  /** Greedy, 256 new tokens at most, no end token. */
  public static Sampling greedy() {
    return new Sampling(0, 0, 1, 0, 1, 0, 0, 256, ImmutableSet.of());
  }

  /** Draws from the model's own distribution: the same at temperature 1. */
  public static Sampling ofModel() {
    return greedy().temperature(1);
  }

  /** Whether the most probable token is chosen, without chance. */
  public boolean isGreedy() {
    return temperature == 0;
  }

  /** The same with another temperature, ≥ 0. */
  public Sampling temperature(double divisor) {
    return new Sampling(
        divisor,
        topK,
        topP,
        minP,
        repetitionPenalty,
        noRepeatNgramSize,
        minNewTokens,
        maxNewTokens,
        endTokens);
  }

  /** The same with another number of most probable tokens, 0 for all. */
  public Sampling topK(int tokens) {
    return new Sampling(
        temperature,
        tokens,
        topP,
        minP,
        repetitionPenalty,
        noRepeatNgramSize,
        minNewTokens,
        maxNewTokens,
        endTokens);
  }

  /** The same with another probability of the most probable tokens together, in (0, 1]. */
  public Sampling topP(double probability) {
    return new Sampling(
        temperature,
        topK,
        probability,
        minP,
        repetitionPenalty,
        noRepeatNgramSize,
        minNewTokens,
        maxNewTokens,
        endTokens);
  }

  /** The same with another least share of the largest probability, in [0, 1]. */
  public Sampling minP(double share) {
    return new Sampling(
        temperature,
        topK,
        topP,
        share,
        repetitionPenalty,
        noRepeatNgramSize,
        minNewTokens,
        maxNewTokens,
        endTokens);
  }

  /** The same with another repetition penalty, in [0.001, 1000]. */
  public Sampling repetitionPenalty(double factor) {
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        factor,
        noRepeatNgramSize,
        minNewTokens,
        maxNewTokens,
        endTokens);
  }

  /** The same with another length of n-grams that do not repeat, 0 for none. */
  public Sampling noRepeatNgramSize(int tokens) {
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        tokens,
        minNewTokens,
        maxNewTokens,
        endTokens);
  }

  /** The same with another minimum length, ≥ 0. */
  public Sampling minNewTokens(int tokens) {
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        noRepeatNgramSize,
        tokens,
        maxNewTokens,
        endTokens);
  }

  /** The same with another maximum length, ≥ 1. */
  public Sampling maxNewTokens(int tokens) {
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        noRepeatNgramSize,
        minNewTokens,
        tokens,
        endTokens);
  }

  /** The same with other end tokens. */
  public Sampling endTokens(Set<Integer> ids) {
    requireNonNull(ids, "ids");
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        noRepeatNgramSize,
        minNewTokens,
        maxNewTokens,
        ImmutableSet.copyOf(ids));
  }

  private static void inRange(boolean holds, String setting, String range, Number value) {
    require(holds, setting, setting + " must lie in " + range + ", not be " + value);
  }
}
