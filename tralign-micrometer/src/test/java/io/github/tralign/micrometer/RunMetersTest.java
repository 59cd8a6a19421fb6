package io.github.tralign.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.TR;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.Example;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.tabular.TabularPolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingResult;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMetersTest {

  private static final int STEPS = 5;

  @TempDir private Path folder;

  /** A clock that a listener moves on. */
  private static final class HandClock implements Clock {
    private long seconds;

    @Override
    public long wallTime() {
      return TimeUnit.SECONDS.toMillis(seconds);
    }

    @Override
    public long monotonicTime() {
      return TimeUnit.SECONDS.toNanos(seconds);
    }
  }

  private final HandClock clock = new HandClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

  private TrainerBuilder trainer(String run) {
    List<Example> pairs =
        List.of(
            Example.pair(new int[] {1, 2}, new int[] {3}, new int[] {4, 5}),
            Example.pair(new int[] {2}, new int[] {0, 1}, new int[] {3}),
            Example.pair(new int[] {5}, new int[] {4}, new int[] {1, 1}));
    return Trainer.builder()
        .policy(TabularPolicy.random(6, 1))
        .data(pairs)
        .loss(TR.dpo(0.3))
        .reference(TR.soft(0.6))
        .learningRate(0.05)
        .batchSize(2)
        .probeEvery(2)
        .maxSteps(STEPS)
        .checkpoints(CheckpointStore.in(folder.resolve(run)))
        .checkpointEvery(2)
        .listener(RunMeters.in(registry, Tags.of("run", run)));
  }

  private double value(String meter) {
    return registry.get(meter).tag("run", "a").gauge().value();
  }

  private double count(String counter) {
    return registry.get(counter).tag("run", "a").functionCounter().count();
  }

  @Test
  void each_metric_of_the_last_step_is_a_gauge() {
    TrainingResult result = trainer("a").build().train();
    for (Map.Entry<String, Double> metric : result.last().values().entrySet()) {
      if (!metric.getKey().equals("num_tokens")) {
        assertThat(value("tralign." + metric.getKey().replace('/', '.')))
            .as(metric.getKey())
            .isEqualTo(metric.getValue());
      }
    }
    assertThat(value("tralign.steps.planned")).isEqualTo(STEPS);
    assertThat(count("tralign.steps")).isEqualTo(STEPS);
    assertThat(count("tralign.tokens")).isEqualTo(result.tokens());
    assertThat(registry.get("tralign.checkpoints").counter().count()).isEqualTo(2);
  }

  @Test
  void a_step_is_timed_without_the_checkpoint_behind_it() {
    TrainingListener time =
        new TrainingListener() {
          @Override
          public void onStep(StepMetrics metrics) {
            clock.seconds += 3; // before the meters, which listen after this one
          }

          @Override
          public void onCheckpoint(long step, Path path) {
            clock.seconds += 100;
          }
        };
    TrainerBuilder trainer =
        Trainer.builder()
            .policy(TabularPolicy.random(6, 1))
            .data(List.of(Example.pair(new int[] {1, 2}, new int[] {3}, new int[] {4, 5})))
            .loss(TR.dpo(0.3))
            .maxSteps(STEPS)
            .checkpoints(CheckpointStore.in(folder.resolve("timed")))
            .checkpointEvery(2)
            .listener(time)
            .listener(RunMeters.in(registry, Tags.of("run", "a")));
    trainer.build().train();
    assertThat(registry.get("tralign.step").timer().count()).isEqualTo(STEPS);
    assertThat(registry.get("tralign.step").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(3.0 * STEPS);
  }

  @Test
  void a_run_that_is_resumed_counts_on() {
    trainer("a").maxSteps(2).build().train();
    registry.clear();
    CheckpointStore store = CheckpointStore.in(folder.resolve("a"));
    TrainerBuilder resumed = trainer("a").resumeAnyway(true);
    store.newest(complaint -> {}).ifPresent(resumed::resume);
    TrainingResult result = resumed.build().train();
    assertThat(count("tralign.steps")).isEqualTo(STEPS);
    assertThat(count("tralign.tokens")).isEqualTo(result.tokens());
    assertThat(registry.get("tralign.step").timer().count()).isEqualTo(STEPS - 2);
  }

  @Test
  void runs_are_reported_apart_by_their_tags() {
    trainer("a").build().train();
    trainer("b").learningRate(0.5).build().train();
    assertThat(registry.get("tralign.loss").meters())
        .extracting(Meter::getId)
        .extracting(id -> id.getTag("run"))
        .containsExactlyInAnyOrder("a", "b");
  }
}
