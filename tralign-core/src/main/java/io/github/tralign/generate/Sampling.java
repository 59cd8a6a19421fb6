package io.github.tralign.generate;

import com.google.common.collect.ImmutableSet;

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
 *     in prompt or completion, &gt; 0; 1 changes nothing
 * @param noRepeatNgramSize no sequence of this many tokens occurs twice; 0 allows all
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

  /** Greedy, 256 new tokens at most, no end token. */
  public static Sampling greedy() {
    return new Sampling(0, 0, 1, 0, 1, 0, 0, 256, ImmutableSet.of());
  }
}
