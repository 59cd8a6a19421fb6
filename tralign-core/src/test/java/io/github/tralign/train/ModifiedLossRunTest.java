package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.FDivergence;
import io.github.tralign.policy.Policy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses with modifiers, and sums, through whole runs. */
class ModifiedLossRunTest {

  static List<AlignmentLoss> losses() {
    return List.of(
        TR.dpo(0.3).wpo(),
        TR.dpo(0.3).lengthDesensitized(0.3),
        TR.dpo(0.3).divergence(FDivergence.forwardKl()).lengthDesensitized(0.5),
        TR.dpo(0.3).referenceFree().wpo(),
        TR.dpo(0.3).times(0.8).plus(0.2, TR.ipo(0.5)).plus(TR.sft()),
        TR.dpo(0.3).plus(new CoupledLoss()).plus(0.5, TR.sft()),
        TR.cpo(0.3),
        TR.orpo(0.3),
        TR.simpo(2, 0.5));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void micro_batches_change_nothing(AlignmentLoss loss) {
    Policy whole = Toy.policy();
    Policy sliced = Toy.policy();
    List<Map<String, Double>> wholeRun = Toy.metrics(run(whole, loss, Integer.MAX_VALUE));
    List<Map<String, Double>> slicedRun = Toy.metrics(run(sliced, loss, 1));
    assertThat(slicedRun).hasSameSizeAs(wholeRun);
    for (int i = 0; i < wholeRun.size(); i++) {
      Map<String, Double> expected = wholeRun.get(i);
      assertThat(slicedRun.get(i)).hasSameSizeAs(expected);
      slicedRun
          .get(i)
          .forEach((name, value) -> assertThat(value).isCloseTo(expected.get(name), within(1e-12)));
    }
    assertThat(Toy.weights(sliced)).containsExactly(Toy.weights(whole), within(1e-12));
  }

  /** What lies behind the end of the shorter completion might as well not be there. */
  @Test
  void with_alpha_zero_the_longer_completion_is_as_if_cut() {
    Policy desensitized = Toy.policy();
    Policy cut = Toy.policy();
    TrainingResult run = run(desensitized, TR.dpo(0.3).lengthDesensitized(0), Integer.MAX_VALUE);
    TrainingResult cutRun =
        Toy.trainer(cut, 1)
            .data(Toy.pairs(8).stream().map(ModifiedLossRunTest::cut).toList())
            .build()
            .train();
    assertThat(Toy.losses(run)).containsExactly(Toy.losses(cutRun), within(1e-12));
    assertThat(Toy.weights(desensitized)).containsExactly(Toy.weights(cut), within(1e-12));
  }

  @Test
  void with_alpha_one_length_desensitization_changes_nothing() {
    Policy desensitized = Toy.policy();
    Policy plain = Toy.policy();
    run(desensitized, TR.dpo(0.3).lengthDesensitized(1), Integer.MAX_VALUE);
    run(plain, TR.dpo(0.3), Integer.MAX_VALUE);
    assertThat(Toy.weights(desensitized)).containsExactly(Toy.weights(plain), within(1e-12));
  }

  /** So that the tails have no margin of their own where policy and reference are the same. */
  @Test
  void tails_count_alike_under_policy_and_reference() {
    TrainingResult run = run(Toy.policy(), TR.ipo(0.5).lengthDesensitized(0.3), 1);
    assertThat(run.metrics().get(0).loss()).isCloseTo(1, within(1e-12));
    assertThat(run.metrics().get(0).get("rewards/margins")).isCloseTo(0, within(1e-12));
  }

  @Test
  void a_sum_tells_what_each_of_its_losses_is() {
    AlignmentLoss sum = TR.dpo(0.3).times(0.8).plus(0.2, TR.sft());
    TrainingResult run = run(Toy.policy(), sum, 1);
    TrainingResult sft = run(Toy.policy(), TR.sft(), 1);
    var first = run.metrics().get(0);
    assertThat(first.get("loss/dpo")).isCloseTo(Math.log(2), within(1e-12));
    assertThat(first.get("loss/sft")).isCloseTo(Toy.losses(sft)[0], within(1e-12));
    assertThat(first.loss()).isCloseTo(0.8 * Math.log(2) + 0.2 * Toy.losses(sft)[0], within(1e-12));
  }

  @Test
  void rows_of_weight_zero_are_not_learned_from() {
    Judgement nothing = Judgement.NONE.weight(0);
    for (AlignmentLoss loss : losses()) {
      if (loss.separable()) {
        Policy policy = Toy.policy();
        Toy.trainer(policy, 1)
            .data(Toy.pairs(3).stream().map(pair -> pair.with(nothing)).toList())
            .loss(loss)
            .build()
            .train();
        assertThat(Toy.weights(policy)).as(loss.name()).containsExactly(Toy.weights(Toy.policy()));
      }
    }
  }

  @Test
  void a_loss_that_was_made_reference_free_refuses_a_reference() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Toy.trainer(Toy.policy(), 3)
                    .loss(TR.dpo(0.3).referenceFree())
                    .reference(TR.soft(0.6))
                    .build())
        .withMessageContaining("the loss dpo[reference-free] uses no reference");
  }

  private static Example cut(Example pair) {
    int shared = Math.min(pair.chosen().length(), pair.rejected().length());
    ImmutableIntArray chosen = pair.chosen().subArray(0, shared);
    ImmutableIntArray rejected = pair.rejected().subArray(0, shared);
    return new Example(pair.prompt(), ImmutableList.of(chosen, rejected), pair.origin());
  }

  private static TrainingResult run(Policy policy, AlignmentLoss loss, int microBatchTokens) {
    return Toy.trainer(policy, 8).loss(loss).microBatchTokens(microBatchTokens).build().train();
  }
}
