package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

import io.github.tralign.data.PreferenceBatch;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A language model that scores tokens: a policy, a reference of any shape, a judge.
 *
 * <p>Whatever an implementation allocates for a call is released when the call returns. Not
 * thread-safe: one thread at a time. On one machine with one number of threads, equal calls give
 * equal results, bit for bit.
 */
public interface LanguageModel extends AutoCloseable {

  /** Number of token ids that the model knows; a batch may hold ids in {@code [0, this)} only. */
  int vocabularySize();

  /** The longest prompt with one completion that the model can take, in tokens. */
  int maxLength();

  /** The log-probability of each completion token. Keeps no graph and changes no gradient. */
  default TokenLogProbs score(PreferenceBatch batch) {
    requireNonNull(batch, "batch");
    return score(batch, Set.of());
  }

  /**
   * The log-probability of each completion token with statistics of its distribution. Keeps no
   * graph and changes no gradient.
   *
   * @param statistics what to compute beside the log-probabilities
   * @throws IllegalStateException if the divergence is asked for and the model has no reference:
   *     only a {@link Policy} can have one
   */
  TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics);

  /** The names of the parameters, sorted; a tied parameter has one name. */
  List<String> parameters();

  /**
   * A copy of one parameter's values, row by row. For inspection and tests, not for training.
   *
   * @throws IllegalArgumentException if there is no such parameter
   */
  double[] values(String parameter);

  /**
   * A text that is equal for two models only if they score every batch alike, to the last bit: it
   * stands for the present weights and the way they are computed with. Empty, the default, if the
   * engine has none; scores of such a model are not kept beyond a run.
   */
  default Optional<String> fingerprint() {
    return Optional.empty();
  }

  /** Releases all memory. */
  @Override
  void close();
}
