package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.reference.ReferencePolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the lag of the reference makes of β. */
class ReferenceLagTest {

  private static final int STEPS = 1000;

  private static List<String> warnings(AlignmentLoss loss, ReferencePolicy rule) {
    return Toy.trainer(Toy.policy(), 6)
        .loss(loss)
        .reference(rule)
        .maxSteps(STEPS)
        .build()
        .warnings();
  }

  @Test
  void a_beta_without_influence_is_reported_with_the_one_that_has_the_effect_meant() {
    assertThat(warnings(TR.dpo(0.1), TR.soft(0.6)))
        .containsExactly(
            "beta has hardly any influence: the reference soft:0.6 is on average only 0.667 steps"
                + " behind the policy, and beta times this mean lag is 0.0667, below 0.1. A smaller beta"
                + " would give nearly the same run. If beta = 0.1 was chosen for a fixed reference, beta ="
                + " 75 has the same effect here. docs/references.md explains it");
    assertThat(warnings(TR.ipo(0.1), TR.soft(0.6))).hasSize(1);
    assertThat(warnings(TR.ipoMean(0.1), TR.soft(0.6))).hasSize(1);
    assertThat(warnings(TR.ktoPair(0.1), TR.soft(0.6))).hasSize(1);
    assertThat(warnings(TR.dpo(0.02), TR.hard(8))).hasSize(1);
    assertThat(warnings(TR.dpo(0.1), TR.hard(1)))
        .singleElement()
        .asString()
        .contains("only 0 steps behind")
        .doesNotContain("same effect");
    Example good = Example.labelled(new int[1], new int[1], true);
    Example bad = Example.labelled(new int[1], new int[1], false);
    assertThat(
            Toy.trainer(Toy.policy(), 1)
                .loss(TR.kto(0.1))
                .data(List.of(good, bad))
                .reference(TR.soft(0.6))
                .maxSteps(STEPS)
                .build()
                .warnings())
        .hasSize(1);
  }

  @Test
  void nothing_is_reported_where_beta_has_influence_or_nothing_is_known() {
    assertThat(warnings(TR.dpo(0.15), TR.soft(0.6))).isEmpty();
    assertThat(warnings(TR.dpo(0.1), TR.hard(32))).isEmpty();
    assertThat(warnings(TR.dpo(0.0001), TR.fixed())).isEmpty(); // meant so
    assertThat(warnings(TR.dpo(0.1), TR.distance(0.1))).isEmpty();
    assertThat(warnings(TR.dpo(0.1), TR.soft(0.6).warmup(10))).isEmpty();
    assertThat(warnings(TR.calDpo(0.1), TR.soft(0.6))).isEmpty(); // β scales a part only
    assertThat(warnings(TR.dpop(0.1), TR.soft(0.6))).isEmpty(); // 50 times as steep
    assertThat(warnings(TR.dpo(0.1).plus(TR.sft()), TR.soft(0.6))).isEmpty(); // β is a weight
    assertThat(warnings(TR.simpo(2, 0.5), TR.fixed())).isEmpty();
  }

  @Test
  void a_beta_of_a_fixed_reference_is_scaled_by_the_ratio_of_the_lags() {
    TrainerBuilder settings = Toy.trainer(Toy.policy(), 6).maxSteps(STEPS);
    assertThat(settings.reference(TR.fixed()).lagScaledBeta(0.1)).isEqualTo(0.1);
    assertThat(settings.reference(TR.soft(0.6)).lagScaledBeta(0.1)).isCloseTo(75, within(1e-9));
    assertThat(settings.reference(TR.hard(8)).lagScaledBeta(0.07)).isCloseTo(10, within(1e-9));
    double beta = settings.reference(TR.soft(0.6)).lagScaledBeta(0.1);
    Trainer trainer = settings.loss(TR.dpo(beta)).build();
    assertThat(beta * trainer.meanLag().orElseThrow()).isCloseTo(0.1 * STEPS / 2, within(1e-9));
  }

  @Test
  void the_length_follows_from_data_batches_and_epochs() {
    TrainerBuilder settings = Toy.trainer(Toy.policy(), 6).batchSize(4).epochs(10);
    assertThat(settings.reference(TR.hard(5)).lagScaledBeta(1)).isEqualTo(10 / 2.0); // 20 steps
    assertThat(settings.reference(TR.hardEpochs(2.5)).lagScaledBeta(1)).isEqualTo(10 / 2.0);
  }

  @Test
  void what_is_not_known_is_rejected() {
    TrainerBuilder settings = Toy.trainer(Toy.policy(), 6);
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> settings.reference(TR.distance(0.1)).lagScaledBeta(0.1))
        .withMessage(
            "the mean lag of the reference distance:0.1 is not known before the run, so beta cannot"
                + " be scaled by it: give beta itself");
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> settings.reference(TR.hard(1)).lagScaledBeta(0.1))
        .withMessage(
            "the reference hard:1 is the policy in every step, so beta has no influence at all");
    assertThatIllegalStateException()
        .isThrownBy(() -> Trainer.builder().lagScaledBeta(0.1))
        .withMessage("the trainer needs data(...)");
    TrainerBuilder stream =
        Toy.trainer(Toy.policy(), 1)
            .data(PreferenceStream.of(Toy.pairs(8)))
            .reference(TR.soft(0.5));
    assertThatIllegalStateException()
        .isThrownBy(() -> stream.lagScaledBeta(0.1))
        .withMessageContaining("the trainer needs maxSteps(...) with a stream");
    assertThat(stream.maxSteps(40).lagScaledBeta(0.1)).isEqualTo(2);
  }

  @Test
  void without_a_reference_there_is_no_lag() {
    Trainer trainer = Toy.trainer(Toy.policy(), 6).loss(TR.simpo(2, 0.5)).build();
    assertThat(trainer.meanLag()).isEmpty();
  }
}
