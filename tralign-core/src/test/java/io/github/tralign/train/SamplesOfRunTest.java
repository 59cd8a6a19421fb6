package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.generate.Sampling;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SamplesOfRunTest {

  private static final PreferenceData DATA =
      PreferenceData.of(
          Example.pair(new int[] {1}, new int[] {2, 0}, new int[] {3, 0}),
          Example.pair(new int[] {2}, new int[] {4, 0}, new int[] {1, 0}));

  private final SampleSettings settings =
      SampleSettings.of(
              List.of(ImmutableIntArray.of(1), ImmutableIntArray.of(2, 3), ImmutableIntArray.of(4)))
          .sampling(Sampling.ofModel().maxNewTokens(20).endTokens(Set.of(0)))
          .every(2);

  private final List<StepSamples> samples = new ArrayList<>();
  private final List<StepMetrics> steps = new ArrayList<>();
  private final TrainingListener listener =
      new TrainingListener() {
        @Override
        public void onSamples(StepSamples of) {
          samples.add(of);
        }

        @Override
        public void onStep(StepMetrics metrics) {
          steps.add(metrics);
        }
      };

  @Test
  void listeners_get_samples_at_start_every_few_steps_and_at_the_end() {
    train(settings.initial(() -> TabularPolicy.random(6, 5)));
    assertThat(samples).map(StepSamples::step).containsExactly(0L, 2L, 4L, 5L);
    assertThat(samples).allMatch(it -> it.completions().size() == 3);
    assertThat(samples.get(0).divergence().orElseThrow().mean()).isZero();
    assertThat(samples.get(3).divergence().orElseThrow().mean()).isNotZero();
    assertThat(steps)
        .map(it -> it.has("kl/initial"))
        .containsExactly(false, true, false, true, true);
    assertThat(steps.get(4).get("kl/initial"))
        .isEqualTo(samples.get(3).divergence().orElseThrow().mean());
    assertThat(steps.get(4).get("samples/length")).isEqualTo(samples.get(3).meanLength());
    assertThat(steps.get(4).get("samples/ended")).isEqualTo(samples.get(3).endedShare());
  }

  @Test
  void without_the_initial_policy_there_is_no_divergence() {
    train(settings.every(0));
    assertThat(samples).map(StepSamples::step).containsExactly(0L, 5L);
    assertThat(samples).allMatch(it -> it.divergence().isEmpty());
    assertThat(steps).noneMatch(it -> it.has("kl/initial"));
  }

  @Test
  void samples_change_nothing_that_is_learned() {
    TabularPolicy with = train(settings);
    TabularPolicy without = policy();
    trainer(without).build().train();
    assertThat(with.values(with.parameters().get(0)))
        .isEqualTo(without.values(without.parameters().get(0)));
  }

  @Test
  void settings_are_checked() {
    assertThatThrownBy(() -> SampleSettings.of(List.of()))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("the number of prompts must be >= 1");
    assertThatThrownBy(() -> settings.every(-1))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("must be >= 0, not -1");
  }

  private TabularPolicy train(SampleSettings of) {
    TabularPolicy policy = policy();
    trainer(policy).samples(of).listener(listener).build().train();
    return policy;
  }

  private static TabularPolicy policy() {
    return TabularPolicy.random(6, 5);
  }

  private static TrainerBuilder trainer(TabularPolicy policy) {
    return Trainer.builder()
        .policy(policy)
        .data(DATA)
        .loss(TR.dpo(0.1))
        .learningRate(0.1)
        .batchSize(1)
        .maxSteps(5);
  }
}
