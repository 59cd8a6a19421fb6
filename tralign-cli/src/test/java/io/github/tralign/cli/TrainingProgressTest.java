package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {

  private final List<String> seen = new ArrayList<>();
  private final TrainingProgress shown =
      new TrainingProgress(
          new Progress() {
            @Override
            public void begin(String task, long done, long total) {
              seen.add(task + " " + done + " of " + total);
            }

            @Override
            public void at(long done, double work, String detail) {
              seen.add(done + " " + detail);
            }

            @Override
            public void part(long done, String detail) {
              seen.add(done + " " + detail);
            }

            @Override
            public void warn(String message) {
              seen.add("warning: " + message);
            }

            @Override
            public void end() {}
          },
          "pair");

  @Test
  void steps_show_loss_margin_and_from_the_second_on_the_speed() {
    shown.onStart(plan(0));
    shown.onStep(step(1, 0.25));
    shown.onStep(step(2, -0.5));
    assertThat(seen.subList(0, 2)).containsExactly("training 0 of 8", "1 loss 0.500  margin 0.250");
    assertThat(seen.get(2)).matches("2 loss 0.500  margin -0.500  [\\d.]+k? tok/s");
  }

  @Test
  void a_small_margin_is_not_shown_as_zero() {
    shown.onStart(plan(0));
    shown.onStep(step(1, -0.00042));
    assertThat(seen).containsExactly("training 0 of 8", "1 loss 0.500  margin -0.000420");
  }

  @Test
  void what_is_measured_before_the_training_is_a_task_and_during_it_a_part() {
    shown.onMeasuring(2, 2); // the probe
    shown.onMeasuring(3, 4); // the evaluation data
    shown.onMeasuring(4, 4);
    shown.onStart(plan(5));
    shown.onMeasuring(3, 4);
    assertThat(seen)
        .containsExactly(
            "measuring the initial policy 0 of 2",
            "2 pairs",
            "measuring the initial policy 0 of 4",
            "3 pairs",
            "4 pairs",
            "training 5 of 8",
            "5 evaluating: 3/4");
  }

  @Test
  void completing_sample_prompts_is_shown_before_it_begins() {
    shown.onSampling(1);
    shown.onStart(plan(5));
    shown.onSampling(5);
    assertThat(seen)
        .containsExactly(
            "completing 1 sample prompt 0 of 0",
            "training 5 of 8",
            "5 completing 5 sample prompts");
  }

  @Test
  void a_resumed_run_continues_from_its_step() {
    shown.onStart(plan(5));
    assertThat(seen).containsExactly("training 5 of 8");
  }

  @Test
  void a_skipped_step_is_warned_of_before_it_shows_what_it_has() {
    shown.onStart(plan(0));
    shown.onSkippedStep(1, "the loss of step 1 is NaN");
    shown.onStep(new StepMetrics(1, ImmutableMap.of("loss", Double.NaN, "num_tokens", 100.0)));
    assertThat(seen)
        .containsExactly(
            "training 0 of 8", "warning: skipped: the loss of step 1 is NaN", "1 loss NaN");
  }

  private static TrainingPlan plan(long done) {
    return new TrainingPlan(6, 2, 8, done, "dpo", "soft:0.6", true);
  }

  private static StepMetrics step(long step, double margin) {
    return new StepMetrics(
        step, ImmutableMap.of("loss", 0.5, "rewards/margins", margin, "num_tokens", 100.0 * step));
  }
}
