package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.data.Example;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * On what and how often the distance from the initial policy is measured.
 *
 * @param chosen the examples; empty where they are the first of data that is not known yet
 * @param every steps from one measurement to the next; 0 for none
 */
@Value.Builder
record ProbeSettings(Optional<ImmutableList<Example>> chosen, int every)
    implements WithProbeSettings {

  private static final int FIRST = 64;

  ProbeSettings {
    InvalidSettingException.require(
        every >= 0, "probeEvery", "the number of steps between probes must be >= 0, not " + every);
  }

  static ProbeSettings ofDefaults() {
    return new ProbeSettings(Optional.empty(), 50);
  }

  /** The same with the examples chosen, in a run on this data. */
  ProbeSettings on(ExampleSource data) {
    return withChosen(chosen.orElseGet(() -> data.first(FIRST)));
  }

  /** The examples to probe with. */
  ImmutableList<Example> examples() {
    return chosen.orElse(ImmutableList.of());
  }
}
