package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.Judgement;
import java.util.function.UnaryOperator;

/**
 * A scored preference pair, with the notation of the equations.
 *
 * @param chosen the preferred completion, {@code y_w}
 * @param rejected the other one, {@code y_l}
 * @param judgement weight, label, margin and win probability
 */
public record ScoredPair(ScoredCompletion chosen, ScoredCompletion rejected, Judgement judgement) {

  /** Checks for null. */
  public ScoredPair {
    requireNonNull(chosen, "chosen");
    requireNonNull(rejected, "rejected");
    requireNonNull(judgement, "judgement");
  }

  /** A pair without a judgement. */
  public static ScoredPair of(ScoredCompletion chosen, ScoredCompletion rejected) {
    requireNonNull(chosen, "chosen");
    requireNonNull(rejected, "rejected");
    return new ScoredPair(chosen, rejected, Judgement.NONE);
  }

  static ScoredPair of(ScoredExample example) {
    ImmutableList<ScoredCompletion> completions = example.completions();
    return new ScoredPair(completions.get(0), completions.get(1), example.judgement());
  }

  /** {@code a = log π(y_w|x) − log π_ref(y_w|x)}. */
  public double a() {
    return chosen.logRatio();
  }

  /** {@code b = log π(y_l|x) − log π_ref(y_l|x)}. */
  public double b() {
    return rejected.logRatio();
  }

  /** {@code h = a − b}, the margin between the log-ratios. */
  public double h() {
    return a() - b();
  }

  /** The pair with both completions changed in the same way. */
  ScoredPair map(UnaryOperator<ScoredCompletion> change) {
    return new ScoredPair(change.apply(chosen), change.apply(rejected), judgement);
  }
}
