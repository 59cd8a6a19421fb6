package io.github.tralign.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.InvalidInputException;
import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredPair;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.quickstart.TinyCheckpoint;
import io.github.tralign.train.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {

  private static final double LN_2 = Math.log(2);

  @TempDir private static Path folder;
  private static Path checkpoint;
  private static Path rows;
  private static PreferenceData pairs;

  @BeforeAll
  static void make_a_checkpoint_and_pairs() {
    checkpoint = TinyCheckpoint.write(folder);
    rows = TinyCheckpoint.pairs(folder, 80);
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(checkpoint)) {
      pairs = PreferenceData.read(tokenizer).file(rows);
    }
  }

  @Test
  void without_arguments_a_program_names_those_that_it_needs() {
    assertThatThrownBy(() -> AlignCheckpoint.main(new String[0]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("usage: ./tralign example align-checkpoint MODEL PAIRS OUTPUT");
    assertThat(Examples.usage()).contains("own-loss MODEL PAIRS", "tabular-toy");
  }

  @Test
  void an_aligned_checkpoint_loads_again_with_other_weights() {
    TrainingResult result = AlignCheckpoint.align(checkpoint, rows, folder.resolve("aligned"));
    assertThat(result.metrics()).hasSize(10);
    assertThat(result.metrics().get(0).loss()).isCloseTo(LN_2, within(1e-6));
    try (DjlPolicy before = DjlPolicy.load(checkpoint);
        DjlPolicy after = DjlPolicy.load(folder.resolve("aligned"))) {
      String name = "model.norm.weight";
      assertThat(after.values(name)).isNotEqualTo(before.values(name));
    }
  }

  @Test
  void a_loss_of_ones_own_trains() {
    try (Policy policy = DjlPolicy.load(checkpoint)) {
      List<StepMetrics> steps = OwnLoss.train(policy, pairs).metrics();
      assertThat(steps.get(0).loss()).isCloseTo(1, within(1e-6));
      assertThat(steps.get(9).loss()).isLessThan(1);
    }
  }

  @Test
  void the_hinge_is_flat_once_the_margin_is_reached() {
    OwnLoss.Hinge hinge = new OwnLoss.Hinge(0.1);
    var start = new ScoredCompletion(-5, -5, 3);
    var won = new ScoredCompletion(-5, -16, 3);
    assertThat(hinge.at(ScoredPair.of(start, start)).value()).isEqualTo(1);
    assertThat(hinge.at(ScoredPair.of(start, start)).chosen()).isEqualTo(-0.1);
    assertThat(hinge.at(ScoredPair.of(won, start)).value()).isZero();
    assertThat(hinge.at(ScoredPair.of(won, start)).chosen()).isZero();
  }

  @Test
  void a_rule_of_ones_own_copies_exactly_where_it_says() {
    try (Policy policy = DjlPolicy.load(checkpoint)) {
      List<StepMetrics> steps =
          OwnReferenceRule.train(policy, pairs, new OwnReferenceRule.WhenWon(0.75)).metrics();
      assertThat(steps)
          .allSatisfy(
              step ->
                  assertThat(step.get("reference/weight") == 1)
                      .isEqualTo(step.get("rewards/accuracies") >= 0.75));
      assertThat(steps.stream().mapToDouble(step -> step.get("reference/weight")))
          .contains(0.0, 1.0);
    }
  }

  @Test
  void a_watcher_is_reported_of_each_step_and_of_the_probe() {
    StringBuilder out = new StringBuilder();
    try (Policy policy = DjlPolicy.load(checkpoint)) {
      WatchARun.watch(policy, pairs, out);
    }
    assertThat(out.toString().lines())
        .hasSize(12)
        .startsWith("dpo, reference soft:0.6, 10 steps", "step 1  loss 0.6931")
        .last()
        .asString()
        .startsWith("  margin since the start: +");
  }

  @Test
  void two_samples_of_a_prompt_differ_and_are_the_same_each_time() {
    List<String> completions = GenerateText.generate(checkpoint, "The sea");
    assertThat(completions).hasSize(2).doesNotHaveDuplicates();
    assertThat(GenerateText.generate(checkpoint, "The sea")).isEqualTo(completions);
  }

  @Test
  void the_toy_prefers_the_chosen_token_under_each_rule() {
    for (var rule : List.of(TR.fixed(), TR.soft(0.6), TR.hard(8))) {
      double[] left = TabularToy.probabilitiesAfter(rule);
      assertThat(left[0]).as("%s", rule).isGreaterThan(left[1]);
      assertThat(left[0] + left[1] + left[2]).isCloseTo(1, within(1e-12));
    }
  }
}
