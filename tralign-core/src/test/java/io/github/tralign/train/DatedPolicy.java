package io.github.tralign.train;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Objective;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A policy whose log-probabilities tell when they were computed: each token's is minus the number
 * of optimizer steps done. It has no second copy to keep.
 */
final class DatedPolicy implements Policy {

  private long steps;
  private long scored;

  /** The number of optimizer steps done when a log-probability was computed. */
  static long date(double logp, int tokens) {
    return Math.round(-logp / tokens);
  }

  long steps() {
    return steps;
  }

  /** Number of examples that were scored without a gradient. */
  long scored() {
    return scored;
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
    scored += batch.size();
    return dated(batch);
  }

  @Override
  public void accumulate(
      PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective) {
    objective.gradient(dated(batch));
  }

  private TokenLogProbs dated(PreferenceBatch batch) {
    double[] values = new double[batch.completionTokens()];
    Arrays.fill(values, -steps);
    return new TokenLogProbs(batch, values);
  }

  @Override
  public double step(OptimizerStep step) {
    steps++;
    return 0;
  }

  @Override
  public void discardGradients() {}

  @Override
  public void copyToReference() {
    throw new AssertionError("a second copy is asked for");
  }

  @Override
  public boolean hasReference() {
    return false;
  }

  @Override
  public LanguageModel reference() {
    throw new AssertionError("there is no second copy to score with");
  }

  @Override
  public void mixReference(double weight) {
    throw new AssertionError("there is no second copy to move");
  }

  @Override
  public int vocabularySize() {
    return Toy.VOCABULARY;
  }

  @Override
  public int maxLength() {
    return Integer.MAX_VALUE;
  }

  @Override
  public List<String> parameters() {
    return List.of();
  }

  @Override
  public double[] values(String parameter) {
    throw new AssertionError(parameter);
  }

  @Override
  public void save(Path folder) {}

  @Override
  public void saveState(Path folder) {
    throw new AssertionError("a checkpoint is asked for");
  }

  @Override
  public void loadState(Path folder) {
    throw new AssertionError("a checkpoint is taken up");
  }

  @Override
  public void close() {}
}
