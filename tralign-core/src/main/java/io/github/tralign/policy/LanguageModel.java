package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.generate.AllCompletions;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GenerationRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleConsumer;

/**
 * A language model that scores tokens: a policy, a reference of any architecture, a judge.
 *
 * <p>Memory allocated for a call is released when the call returns. Not thread-safe. On the same
 * machine with the same number of threads, equal calls give equal results, bit for bit.
 */
public interface LanguageModel extends AutoCloseable {

  /** Size of the vocabulary; a batch may contain ids in {@code [0, vocabularySize())} only. */
  int vocabularySize();

  /** The maximum length of a prompt with one completion, in tokens. */
  int maxLength();

  /** The log-probability of each completion token. Does not affect gradients. */
  default TokenLogProbs score(PreferenceBatch batch) {
    requireNonNull(batch, "batch");
    return score(batch, Set.of());
  }

  /**
   * The log-probability of each completion token with statistics of its distribution. Does not
   * affect gradients.
   *
   * @param statistics what to compute in addition to the log-probabilities
   * @throws IllegalArgumentException if a token id is not below {@link #vocabularySize}; lengths
   *     are not checked
   * @throws IllegalStateException if the divergence is requested but the model has no reference;
   *     only a {@link Policy} can have one
   */
  TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics);

  /**
   * Starts a session that generates with the model's weights as they are now; the caller closes it,
   * before the model. A session that is open when the weights change may fail, but never computes
   * with both, see {@link DecodingSession}.
   *
   * @param cacheTokens the number of tokens that fit in its cache, ≥ 1
   * @throws UnsupportedOperationException if the engine cannot generate, the default
   */
  default DecodingSession decode(long cacheTokens) {
    throw new UnsupportedOperationException("this model cannot generate");
  }

  /**
   * Generates completions of prompts, as many at once as fit in a cache of moderate size.
   *
   * @return each request's completions, in order
   * @throws UnsupportedOperationException if the engine cannot generate
   * @throws IllegalArgumentException if a prompt fills {@link #maxLength}
   */
  default List<List<Completion>> generate(List<GenerationRequest> requests) {
    requireNonNull(requests, "requests");
    try (DecodingSession session = decode(AllCompletions.cacheTokens(requests, maxLength()))) {
      return AllCompletions.of(session, requests);
    }
  }

  /** The names of the parameters, sorted; a tied parameter is listed once. */
  List<String> parameters();

  /**
   * The names of the weights that the parameters determine, sorted. They are the parameters
   * themselves, the default, unless an engine trains additions to frozen weights, such as adapters:
   * then they are the weights that these change.
   */
  default List<String> weights() {
    return parameters();
  }

  /**
   * A copy of the values of one parameter, or of one of {@link #weights}, in row-major order. For
   * inspection and tests, not for training.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  double[] values(String parameter);

  /**
   * Passes on the same numbers one by one, in the same order. An engine whose parameters are large
   * does so in parts and keeps no copy of all.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  default void forEachValue(String parameter, DoubleConsumer consumer) {
    requireNonNull(consumer, "consumer");
    for (double value : values(parameter)) {
      consumer.accept(value);
    }
  }

  /**
   * Identifies the current weights and the way of computing: two models with equal fingerprints
   * score every batch alike, bit for bit. Empty, the default, if the engine cannot guarantee that;
   * then scores of the model are not cached.
   */
  default Optional<String> fingerprint() {
    return Optional.empty();
  }

  /** Releases all memory. */
  @Override
  void close();
}
