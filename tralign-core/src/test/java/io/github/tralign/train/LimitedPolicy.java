package io.github.tralign.train;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Objective;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Another policy, with a limited length. */
class LimitedPolicy implements Policy {

  private final Policy policy;
  private final int maxLength;

  LimitedPolicy(Policy policy, int maxLength) {
    this.policy = policy;
    this.maxLength = maxLength;
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  @Override
  public int vocabularySize() {
    return policy.vocabularySize();
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
    return policy.score(batch, statistics);
  }

  @Override
  public void accumulate(
      PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective) {
    policy.accumulate(batch, statistics, objective);
  }

  @Override
  public double step(OptimizerStep step) {
    return policy.step(step);
  }

  @Override
  public void discardGradients() {
    policy.discardGradients();
  }

  @Override
  public void copyToReference() {
    policy.copyToReference();
  }

  @Override
  public boolean hasReference() {
    return policy.hasReference();
  }

  @Override
  public LanguageModel reference() {
    return policy.reference();
  }

  @Override
  public void mixReference(double weight) {
    policy.mixReference(weight);
  }

  @Override
  public List<String> parameters() {
    return policy.parameters();
  }

  @Override
  public double[] values(String parameter) {
    return policy.values(parameter);
  }

  @Override
  public void save(Path folder) {
    policy.save(folder);
  }

  @Override
  public void saveState(Path folder) {
    policy.saveState(folder);
  }

  @Override
  public void loadState(Path folder) {
    policy.loadState(folder);
  }

  @Override
  public void close() {
    policy.close();
  }
}
