package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.TR;
import io.github.tralign.data.Batches;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.reference.Rules;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * A log-probability of the reference is never older or newer than the reference: the policy that is
 * trained here dates what it computes, and the loss looks at the dates.
 */
class StaleScoresTest {

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void every_log_probability_of_the_reference_is_from_its_last_copy(
      @ForAll("copying") ReferencePolicy rule,
      @ForAll @IntRange(min = 2, max = 12) int pairs,
      @ForAll @IntRange(min = 1, max = 5) int batchSize,
      @ForAll @IntRange(min = 1, max = 40) int steps,
      @ForAll @IntRange(min = 1, max = 60) int microBatchTokens,
      @ForAll boolean separable,
      @ForAll boolean mismatched,
      @ForAll boolean shuffle,
      @ForAll long seed) {
    DatedPolicy policy = new DatedPolicy();
    long epoch = (pairs + batchSize - 1) / batchSize;
    DateChecks loss = new DateChecks(policy, rule, epoch, separable, mismatched);
    Toy.trainer(policy, pairs)
        .loss(loss)
        .reference(rule)
        .batchSize(batchSize)
        .maxSteps(steps)
        .microBatchTokens(microBatchTokens)
        .shuffle(shuffle)
        .seed(seed)
        .probeEvery(0)
        .build()
        .train();
    assertThat(loss.looked).isGreaterThanOrEqualTo(2L * steps);
  }

  /** Nothing is scored twice, or for a step that the run does not reach. */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_window_scores_each_example_that_it_will_need_once(
      @ForAll @IntRange(min = 1, max = 12) int pairs,
      @ForAll @IntRange(min = 1, max = 5) int batchSize,
      @ForAll @IntRange(min = 1, max = 30) int steps,
      @ForAll @IntRange(min = 1, max = 40) int tau,
      @ForAll long seed) {
    DatedPolicy policy = new DatedPolicy();
    Toy.trainer(policy, pairs)
        .loss(new DateChecks(policy, TR.hard(tau), 1, true, false))
        .reference(TR.hard(tau))
        .batchSize(batchSize)
        .maxSteps(steps)
        .microBatchTokens(10)
        .seed(seed)
        .probeEvery(0)
        .build()
        .train();
    Batches batches = Batches.shuffled(PreferenceData.of(Toy.pairs(pairs)), batchSize, seed);
    long expected = 0;
    for (long start = 0; start < steps; start += tau) {
      Set<Integer> rows = new HashSet<>();
      for (long step = start + 2; step <= Math.min(start + tau, steps); step++) {
        rows.addAll(batches.at(step).rows().asList());
      }
      expected += rows.size();
    }
    assertThat(policy.scored()).isEqualTo(expected);
  }

  @Example
  void a_copy_after_every_step_scores_nothing_ahead() {
    DatedPolicy policy = new DatedPolicy();
    Toy.trainer(policy, 5)
        .reference(TR.hard(1))
        .loss(TR.dpo(1))
        .epochs(3)
        .probeEvery(0)
        .build()
        .train();
    assertThat(policy.steps()).isEqualTo(6);
    assertThat(policy.scored()).isZero();
  }

  @Provide
  Arbitrary<ReferencePolicy> copying() {
    return Rules.copying();
  }

  /** Compares the date of each log-probability with that of the rule's last copy. */
  private static final class DateChecks implements AlignmentLoss {

    private final DatedPolicy policy;
    private final TreeSet<Long> copies = new TreeSet<>(Set.of(0L)); // steps done
    private final boolean separable;
    private final boolean mismatched;
    private long looked;

    DateChecks(
        DatedPolicy policy,
        ReferencePolicy rule,
        long stepsPerEpoch,
        boolean separable,
        boolean mismatched) {
      this.policy = policy;
      this.separable = separable;
      this.mismatched = mismatched;
      for (long step = 1; step <= 40; step++) {
        double epoch = (double) step / stepsPerEpoch;
        if (rule.weightAfter(new StepMetrics(step, ImmutableMap.of("epoch", epoch))) == 1) {
          copies.add(step);
        }
      }
    }

    @Override
    public LossResult evaluate(ScoredBatch batch) {
      batch.examples().forEach(example -> check(example.completions()));
      check(batch.mismatched());
      double[][] nothing = new double[batch.size()][2];
      return new LossResult(0, nothing);
    }

    private void check(ImmutableList<ScoredCompletion> completions) {
      for (ScoredCompletion it : completions) {
        long date = DatedPolicy.date(it.referenceLogp(), it.tokens());
        if (date != copies.floor(policy.steps()) || it.logp() != -policy.steps() * it.tokens()) {
          throw new AssertionError(
              String.format("of %d, not of %s, at %d", date, copies, policy.steps()));
        }
        looked++;
      }
    }

    @Override
    public String name() {
      return "dates";
    }

    @Override
    public boolean usesReference() {
      return true;
    }

    @Override
    public boolean separable() {
      return separable;
    }

    @Override
    public boolean usesMismatched() {
      return mismatched;
    }
  }
}
