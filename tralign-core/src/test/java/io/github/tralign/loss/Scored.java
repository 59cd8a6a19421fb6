package io.github.tralign.loss;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.Judgement;
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

  /** Log-probabilities from {@code −limit} to −0.1, 1 to 50 tokens. */
  static Arbitrary<ScoredCompletion> completions(double limit) {
    return Combinators.combine(between(-limit, -0.1), between(-limit, -0.1), tokens())
        .as(ScoredCompletion::new);
  }

  static Arbitrary<List<ImmutableList<ScoredCompletion>>> pairs(double limit) {
    return Combinators.combine(completions(limit), completions(limit))
        .as(ImmutableList::of)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  /** Optimizer batches of 1 to 6 judged pairs, with mismatched completions. */
  static Arbitrary<ScoredBatch> batches(double limit) {
    Arbitrary<ScoredExample> examples =
        Combinators.combine(
                completionsWithStatistics(limit), completionsWithStatistics(limit), judgements())
            .as(
                (chosen, rejected, it) ->
                    new ScoredExample(ImmutableList.of(chosen, rejected), it));
    return Combinators.combine(
            examples.list().ofMinSize(1).ofMaxSize(6),
            completionsWithStatistics(limit).list().ofMinSize(1).ofMaxSize(6))
        .as(
            (rows, mismatched) ->
                ScoredBatch.of(ImmutableList.copyOf(rows))
                    .withMismatched(ImmutableList.copyOf(mismatched)));
  }

  /** A batch as a loss gets it: pairs or their first completions, and what it does not use NaN. */
  static ScoredBatch fit(ScoredBatch batch, AlignmentLoss loss) {
    ScoredBatch fit =
        ScoredBatch.of(
            batch.examples().stream().map(it -> fit(it, loss)).collect(toImmutableList()));
    return loss.usesMismatched() ? fit.withMismatched(fit(batch.mismatched(), loss)) : fit;
  }

  private static ScoredExample fit(ScoredExample example, AlignmentLoss loss) {
    Judgement judgement =
        Losses.takesWeights(loss) ? example.judgement() : example.judgement().weight(1);
    return Losses.takesPairs(loss)
        ? new ScoredExample(fit(example.completions(), loss), judgement)
        : new ScoredExample(
            fit(ImmutableList.of(example.first()), loss),
            Judgement.labelled(judgement.winProbability().orElseThrow() > 0.5)
                .weight(judgement.weight()));
  }

  private static ImmutableList<ScoredCompletion> fit(
      ImmutableList<ScoredCompletion> completions, AlignmentLoss loss) {
    return completions.stream()
        .map(
            it ->
                new ScoredCompletion(
                    it.logp(),
                    loss.usesReference() ? it.referenceLogp() : Double.NaN,
                    it.tokens(),
                    loss.usesDivergence() ? it.divergence() : Double.NaN,
                    loss.usesCollision() ? it.collision() : Double.NaN))
        .collect(toImmutableList());
  }

  private static Arbitrary<ScoredCompletion> completionsWithStatistics(double limit) {
    return Combinators.combine(completions(limit), between(0, limit / 10), between(-3, 0))
        .as(
            (it, divergence, collision) ->
                new ScoredCompletion(
                    it.logp(),
                    it.referenceLogp(),
                    it.tokens(),
                    divergence,
                    it.tokens() * collision));
  }

  private static Arbitrary<Judgement> judgements() {
    return Combinators.combine(between(0, 2), between(0.1, 5), between(0, 1))
        .as(
            (weight, margin, win) ->
                Judgement.NONE.weight(weight).margin(margin).winProbability(win));
  }

  private static Arbitrary<Integer> tokens() {
    return Arbitraries.integers().between(1, 50).edgeCases(edges -> edges.includeOnly(1));
  }

  static ScoredBatch batch(List<ImmutableList<ScoredCompletion>> examples) {
    return ScoredBatch.of(examples.stream().map(Scored::example).collect(toImmutableList()));
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
