package io.github.tralign.train;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.github.tralign.data.Example;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A metric of an evaluation by which one evaluation is better than another. Those that compare with
 * a reference do so with the <em>initial</em> policy, like all metrics of an evaluation.
 *
 * <p>Other metrics have no better and worse: a log-ratio says how far the policy has gone, and
 * rejected completions may well become too unlikely.
 */
public enum EvaluationMetric {
  /** The loss; less is better. */
  LOSS("eval_loss", false),

  /** Reward of chosen minus that of rejected completions; more is better. */
  MARGINS("eval_rewards/margins", true, Kind.CHOSEN, Kind.REJECTED),

  /** Share of the pairs whose chosen completion has the greater reward; more is better. */
  ACCURACIES("eval_rewards/accuracies", true, Kind.PAIR),

  /** Reward of chosen or desirable completions; more is better. */
  CHOSEN_REWARD("eval_rewards/chosen", true, Kind.CHOSEN),

  /** Log-probability of chosen or desirable completions, without a reference; more is better. */
  CHOSEN_LOGP("eval_logps/chosen", true, Kind.CHOSEN),

  /** Log-probability of demonstrations, without a reference; more is better. */
  DEMONSTRATION_LOGP("eval_logps/completion", true, Kind.DEMONSTRATION);

  /** What there must be among the examples for a metric to be reported. */
  private enum Kind {
    PAIR,
    CHOSEN,
    REJECTED,
    DEMONSTRATION;

    static Set<Kind> of(Example example) {
      if (example.isPair()) {
        return EnumSet.of(PAIR, CHOSEN, REJECTED);
      }
      return switch (example.judgement().label()) {
        case DESIRABLE -> EnumSet.of(CHOSEN);
        case UNDESIRABLE -> EnumSet.of(REJECTED);
        case NONE -> EnumSet.of(DEMONSTRATION);
      };
    }
  }

  private final String word;
  private final boolean more;

  private final ImmutableSet<Kind> needed;

  EvaluationMetric(String word, boolean more, Kind... needed) {
    this.word = word;
    this.more = more;
    this.needed = Sets.immutableEnumSet(List.of(needed));
  }

  /** Whether a value is better than another; never where the first is no number. */
  public boolean isBetter(double value, double other) {
    return more ? value > other : value < other;
  }

  /** Whether it compares with a reference, where the loss has one. */
  boolean compares() {
    return this != CHOSEN_LOGP && this != DEMONSTRATION_LOGP;
  }

  /** Whether it is of rewards, which some losses have not. */
  boolean isReward() {
    return this == MARGINS || this == ACCURACIES || this == CHOSEN_REWARD;
  }

  /** Whether an evaluation on these examples reports it. */
  boolean isReportedOn(List<Example> examples) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    examples.forEach(example -> kinds.addAll(Kind.of(example)));
    return kinds.containsAll(needed);
  }

  /** Its name among the metrics. */
  @Override
  public String toString() {
    return word;
  }
}
