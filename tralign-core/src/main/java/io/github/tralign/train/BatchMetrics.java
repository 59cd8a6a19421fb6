package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.Judgement.Label;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sums and counts over the slices of a batch, divided once at the end: a mean of means would weigh
 * slices of unlike size alike.
 */
final class BatchMetrics {

  /** Completions of one kind: chosen or desirable, rejected or undesirable, or neither. */
  private static final class Kind {
    private double logp;
    private double reward;
    private long count;

    void add(ScoredCompletion completion, double itsReward) {
      logp += completion.logp();
      reward += itsReward;
      count++;
    }
  }

  private final AlignmentLoss loss;
  private final Kind chosen = new Kind();
  private final Kind rejected = new Kind();
  private final Kind other = new Kind();
  private final Map<String, Double> ofLoss = new LinkedHashMap<>();
  private double value;
  private double gradientWeight;
  private double correct;
  private long pairs;
  private double toChosen;
  private double toRejected;
  private double logRatio;
  private long tokens;
  private Optional<String> notFinite = Optional.empty();

  BatchMetrics(AlignmentLoss loss) {
    this.loss = loss;
  }

  /** Notes a value that is not finite, to be reported if the step is skipped or stops the run. */
  void notFinite(String what) {
    notFinite = notFinite.or(() -> Optional.of(what));
  }

  /** The first value that is not finite. */
  Optional<String> notFinite() {
    return notFinite;
  }

  /** A slice of a batch. */
  void add(ScoredBatch batch, LossResult result) {
    add(batch, result, 1);
  }

  /** A batch that is a share of several, for the loss and what it reports. */
  void add(ScoredBatch batch, LossResult result, double share) {
    value += share * result.value();
    for (double[] example : result.gradient()) {
      for (double slope : example) {
        gradientWeight += share * Math.abs(slope) / example.length;
      }
    }
    result.metrics().forEach((name, part) -> ofLoss.merge(name, share * part, Double::sum));
    add(batch.examples());
  }

  void add(ImmutableList<ScoredExample> examples) {
    for (ScoredExample example : examples) {
      for (ScoredCompletion completion : example.completions()) {
        logRatio += completion.logRatio();
        tokens += completion.tokens();
      }
      if (example.completions().size() == 2) {
        addPair(example.completions().get(0), example.completions().get(1));
      } else {
        Kind kind = kind(example.judgement().label());
        kind.add(example.first(), loss.reward(example.first()));
      }
    }
  }

  private void addPair(ScoredCompletion better, ScoredCompletion worse) {
    double reward = loss.reward(better);
    double otherReward = loss.reward(worse);
    chosen.add(better, reward);
    rejected.add(worse, otherReward);
    correct += reward > otherReward ? 1 : 0;
    boolean before = better.referenceLogp() > worse.referenceLogp();
    boolean now = better.logp() > worse.logp();
    toChosen += !before && now ? 1 : 0;
    toRejected += before && !now ? 1 : 0;
    pairs++;
  }

  private Kind kind(Label label) {
    return switch (label) {
      case DESIRABLE -> chosen;
      case UNDESIRABLE -> rejected;
      case NONE -> other;
    };
  }

  double loss() {
    return value;
  }

  /** Mean log-probability of the completions of each kind, and what the loss itself reports. */
  Map<String, Double> ofPolicy() {
    ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
    putMean(values, "logps/chosen", chosen, chosen.logp);
    putMean(values, "logps/rejected", rejected, rejected.logp);
    putMean(values, "logps/completion", other, other.logp);
    values.put("diagnostics/gradient_weight", gradientWeight);
    return values.putAll(ofLoss).build();
  }

  /**
   * Rewards and log-ratios against the reference that was scored.
   *
   * @param logRatios name for the mean log-ratio over completion tokens
   */
  Map<String, Double> againstReference(String logRatios) {
    ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
    if (loss.hasReward()) {
      putRewards(values);
    }
    if (!Double.isNaN(logRatio)) {
      values.put(logRatios, logRatio / tokens);
    }
    return values.build();
  }

  private void putRewards(ImmutableMap.Builder<String, Double> values) {
    putMean(values, "rewards/chosen", chosen, chosen.reward);
    putMean(values, "rewards/rejected", rejected, rejected.reward);
    if (chosen.count > 0 && rejected.count > 0) {
      values.put(
          "rewards/margins", chosen.reward / chosen.count - rejected.reward / rejected.count);
    }
    if (pairs > 0) {
      values.put("rewards/accuracies", correct / pairs);
    }
  }

  /** Shares of the pairs of which policy and reference find another completion more likely. */
  Map<String, Double> flips() {
    return pairs == 0
        ? ImmutableMap.of()
        : ImmutableMap.of(
            "flips/to_chosen", toChosen / pairs, "flips/to_rejected", toRejected / pairs);
  }

  private static void putMean(
      ImmutableMap.Builder<String, Double> values, String name, Kind kind, double sum) {
    if (kind.count > 0) {
      values.put(name, sum / kind.count);
    }
  }
}
