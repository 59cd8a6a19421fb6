package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.tralign.TR;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.optimizer.WeightDecayScope;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.tabular.TabularPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run that is taken up must have in common with the one before, and what may change. */
class ResumeRefusalTest {

  @TempDir Path folder;

  private CheckpointStore store() {
    return CheckpointStore.in(folder.resolve("checkpoints"));
  }

  @Test
  void what_has_changed_is_named() {
    Checkpoint half = ShortRun.half(store(), TR.hard(4));
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.hard(5)).resume(half), "reference was hard:4 and is hard:5");
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.soft(0.6)).resume(half), "is soft:0.6", "by a second copy");
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.hard(4)).loss(TR.dpo(0.4)).resume(half), "loss was", "0.4");
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.hard(4)).data(Toy.pairs(9)).resume(half), "data was 8 rows");
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.hard(4)).seed(7).resume(half), "seed was 42 and is 7");
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.hard(4)).batchSize(2).resume(half),
        "batch size was 3 and is 2");
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.hard(4))
            .schedule(Schedule.cosine())
            .learningRate(1)
            .resume(half),
        "schedule was",
        "learning rate was 0.05 and is 1.0");
    ParameterGroups slower = ParameterGroups.of(ParameterGroup.of("*").learningRateFactor(0.5));
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.hard(4))
            .groups(slower.decayed(WeightDecayScope.MATRICES))
            .resume(half),
        "parameter groups was [] and is [*:lr-factor=0.5]",
        "decayed parameters was all and is matrices");
    ShortRun.refused(
        ShortRun.toy(TabularPolicy.random(Toy.VOCABULARY + 1, 1), TR.hard(4)).resume(half),
        "model was");
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.hard(4)).provenance(Map.of("weights", "f00")).resume(half),
        "weights was not recorded and is f00");
  }

  @Test
  void a_run_is_resumed_by_the_computations_that_it_was_begun_with() {
    Checkpoint half = ShortRun.half(store(), TR.hard(4));
    Policy newer =
        new LimitedPolicy(Toy.policy(), Integer.MAX_VALUE) {
          @Override
          public String computation() {
            return "kernels 2";
          }
        };
    ShortRun.refused(
        ShortRun.toy(newer, TR.hard(4)).resume(half),
        "computation was not recorded and is kernels 2");
    ShortRun.toy(newer, TR.hard(4)).resume(half).resumeAnyway(true).build().train();
  }

  @Test
  void a_change_is_let_through_where_it_is_wanted_and_can_be() {
    Checkpoint half = ShortRun.half(store(), TR.hard(4));
    Policy policy = Toy.policy();
    List<String> reported = new ArrayList<>();
    ShortRun.toy(policy, TR.hard(4))
        .learningRate(0)
        .resume(half)
        .resumeAnyway(true)
        .listener(
            new TrainingListener() {
              @Override
              public void onChangedSettings(List<String> differences) {
                reported.addAll(differences);
              }
            })
        .build()
        .train();
    Policy then = Toy.policy();
    then.loadState(half.path().resolve("policy"));
    assertThat(Toy.weights(policy)).containsExactly(Toy.weights(then));
    assertThat(reported)
        .singleElement(STRING)
        .startsWith("learning rate was ")
        .endsWith(" and is 0.0");
    for (TrainerBuilder impossible :
        List.of(
            ShortRun.toy(Toy.policy(), TR.hard(5)),
            ShortRun.toy(Toy.policy(), TR.hard(4)).seed(7),
            ShortRun.toy(Toy.policy(), TR.hard(4)).batchSize(2),
            ShortRun.toy(Toy.policy(), TR.soft(0.5)),
            ShortRun.toy(Toy.policy(), TR.hard(4)).data(Toy.pairs(9)))) {
      ShortRun.refused(
          impossible.resume(half).resumeAnyway(true),
          "the checkpoint cannot be used with another ");
    }
  }

  /** What the further steps need was not scored, and the reference's weights are gone. */
  @Test
  void a_window_cannot_be_made_longer() {
    Trainer shorter =
        ShortRun.toy(Toy.policy(), TR.fixed())
            .maxSteps(2) // of 3 that an epoch has
            .checkpoints(store())
            .checkpointEvery(2)
            .build();
    shorter.train();
    Checkpoint end = store().newest(complaint -> {}).orElseThrow();
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.fixed()).resume(end).resumeAnyway(true), "was not scored");
  }

  @Test
  void with_a_second_copy_a_run_can_be_made_longer() {
    Trainer shorter =
        ShortRun.toy(Toy.policy(), TR.soft(0.6))
            .maxSteps(7)
            .checkpoints(store())
            .checkpointEvery(7)
            .build();
    shorter.train();
    Checkpoint end = store().newest(complaint -> {}).orElseThrow();
    Policy policy = Toy.policy();
    ShortRun.toy(policy, TR.soft(0.6)).resume(end).build().train();
    assertThat(Toy.weights(policy))
        .containsExactly(ShortRun.trace(ShortRun.toy(Toy.policy(), TR.soft(0.6))).weights());
  }

  @Test
  void a_length_that_changes_what_was_done_is_refused() {
    ShortRun.toy(Toy.policy(), TR.soft(0.6))
        .schedule(Schedule.linear())
        .maxSteps(7)
        .checkpoints(store())
        .checkpointEvery(7)
        .build()
        .train();
    Checkpoint end = store().newest(complaint -> {}).orElseThrow();
    TrainerBuilder longer = ShortRun.toy(Toy.policy(), TR.soft(0.6)).resume(end);
    ShortRun.refused(
        longer.schedule(Schedule.linear()), "steps was 7 and is 12, which changes what was done");
    ShortRun.refused(
        ShortRun.toy(Toy.policy(), TR.soft(0.6)).maxSteps(6).resume(end), "steps was 7 and is 6");
  }

  @Test
  void a_rule_written_as_a_lambda_has_the_same_words_in_every_process() {
    ReferencePolicy rule = metrics -> metrics.step() % 2;
    assertThat(RunSettings.describe(rule)).isEqualTo(getClass().getName() + "$$Lambda");
    assertThat(RunSettings.describe(rule.from(3))).endsWith("$$Lambda:from=3");
    assertThat(RunSettings.describe(TR.dpo(0.1))).isEqualTo(TR.dpo(0.1).toString());
    assertThat(RunSettings.describe(new Object())).isEqualTo("java.lang.Object");
  }

  @Test
  void settings_of_checkpoints_are_checked() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ShortRun.toy(Toy.policy(), TR.fixed()).checkpointEvery(1).build())
        .withMessageContaining("checkpoints(...)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trainer.builder().keepLast(0))
        .withMessageContaining("0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trainer.builder().checkpointEvery(-1))
        .withMessageContaining("-1");
    ShortRun.half(store(), TR.fixed());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShortRun.toy(Toy.policy(), TR.fixed()).checkpoints(store()).build())
        .withMessageContaining("resume them");
  }
}
