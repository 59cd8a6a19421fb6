package io.github.tralign.micrometer;

import io.github.tralign.train.Trainer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The Java of {@code docs/metrics.md}, so that it is compiled. A test compares the lines. */
final class MetersPage {

  private MetersPage() {}

  static void listen() {
    MeterRegistry registry = new SimpleMeterRegistry(); // or the program's own
    Trainer.builder() /* policy, data, loss */
        .listener(RunMeters.in(registry, Tags.of("run", "soft")));
  }
}
