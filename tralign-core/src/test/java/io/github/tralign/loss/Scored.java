package io.github.tralign.loss;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Judgement;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Scored completions for tests. */
final class Scored {

  private Scored() {}

  /** A pair with the log-ratios {@code a} and {@code b} and one token each. */
  static ImmutableList<ScoredCompletion> pair(double a, double b) {
    return ImmutableList.of(of(a), of(b));
  }

  /** A completion with the given log-ratio. */
  static ScoredCompletion of(double logRatio) {
    return new ScoredCompletion(logRatio, 0, 1);
  }

  /** A labelled completion with the given log-ratio. */
  static ScoredExample labelled(double logRatio, boolean desirable) {
    return new ScoredExample(ImmutableList.of(of(logRatio)), Judgement.labelled(desirable));
  }

  /** Log-probabilities of at least {@code −limit}, 1 to 50 tokens. */
  static Arbitrary<ScoredCompletion> completions(double limit) {
    Arbitrary<Double> logps = between(-limit, 0);
    Arbitrary<Integer> tokens =
        Arbitraries.integers().between(1, 50).edgeCases(edges -> edges.includeOnly(1));
    return Combinators.combine(logps, logps, tokens).as(ScoredCompletion::new);
  }

  static Arbitrary<List<ImmutableList<ScoredCompletion>>> pairs(double limit) {
    return Combinators.combine(completions(limit), completions(limit))
        .as(ImmutableList::of)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  static ScoredBatch batch(List<ImmutableList<ScoredCompletion>> examples) {
    return ScoredBatch.of(
        examples.stream().map(Scored::example).collect(ImmutableList.toImmutableList()));
  }

  static ScoredExample example(ImmutableList<ScoredCompletion> completions) {
    return new ScoredExample(completions, Judgement.NONE);
  }

  /** With the ends as the only edge cases: combined, more of them would crowd all else out. */
  static Arbitrary<Double> between(double min, double max) {
    return Arbitraries.doubles()
        .between(min, max)
        .ofScale(4)
        .edgeCases(edges -> edges.includeOnly(min, max));
  }
}
