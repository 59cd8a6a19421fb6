package io.github.tralign.micrometer;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Publishes a run's metrics to a Micrometer registry.
 *
 * <pre>{@code
 * Trainer.builder()/* policy, data, loss *{@literal /}.listener(RunMeters.in(registry, Tags.of("run", "soft")));
 * }</pre>
 *
 * <p>Names of meters begin with {@code tralign.}: the metric {@code rewards/margins} is the gauge
 * {@code tralign.rewards.margins}, with the value of the last step that measured it. {@code
 * tralign.steps} and {@code tralign.tokens} count the steps and tokens of the whole run, including
 * those before it was resumed; {@code tralign.checkpoints} counts the checkpoints that this process
 * has written. {@code tralign.steps.planned} is the total number of steps of the run. The timer
 * {@code tralign.step} measures from the end of one step to the end of the next, with evaluations
 * but without checkpoints.
 *
 * <p>An instance is for one run. Its meters stay registered after the run; two runs in one registry
 * require different tags.
 */
public final class RunMeters implements TrainingListener {

  private static final String PREFIX = "tralign.";
  private static final String TOKENS = "num_tokens";

  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<String, Double> latest = new ConcurrentHashMap<>();
  private final Timer stepTimer;
  private final Counter checkpoints;
  private volatile double steps;
  private volatile double planned;
  private long stepStart;

  private RunMeters(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    stepTimer = Timer.builder(PREFIX + "step").tags(tags).register(registry);
    checkpoints = Counter.builder(PREFIX + "checkpoints").tags(tags).register(registry);
    FunctionCounter.builder(PREFIX + "steps", this, it -> it.steps).tags(tags).register(registry);
    FunctionCounter.builder(PREFIX + "tokens", latest, it -> it.getOrDefault(TOKENS, 0.0))
        .tags(tags)
        .register(registry);
    Gauge.builder(PREFIX + "steps.planned", this, it -> it.planned).tags(tags).register(registry);
  }

  /**
   * Makes a listener that registers meters in {@code registry}.
   *
   * @param tags added to each meter, such as the run's name
   */
  public static RunMeters in(MeterRegistry registry, Tags tags) {
    return new RunMeters(registry, tags);
  }

  @Override
  public void onStart(TrainingPlan plan) {
    steps = plan.stepsDone();
    planned = plan.totalSteps();
    stepStart = now();
  }

  @Override
  public void onStep(StepMetrics metrics) {
    stepTimer.record(now() - stepStart, TimeUnit.NANOSECONDS);
    steps = metrics.step();
    metrics.values().forEach(this::publish);
    stepStart = now();
  }

  @Override
  public void onCheckpoint(long step, Path folder) {
    checkpoints.increment();
    stepStart = now();
  }

  private void publish(String name, double value) {
    if (latest.put(name, value) == null && !name.equals(TOKENS)) {
      Gauge.builder(PREFIX + name.replace('/', '.'), latest, it -> it.get(name))
          .tags(tags)
          .register(registry);
    }
  }

  private long now() {
    return registry.config().clock().monotonicTime();
  }
}
