package io.github.tralign.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Measures the duration of each phase of a run. */
public final class PhaseSeconds {

  private final Map<String, Double> phases = new LinkedHashMap<>();
  private long start = System.nanoTime();

  /** Starts the clock of the first phase. */
  public PhaseSeconds() {}

  /** Starts the clock of the next phase. */
  public void start() {
    start = System.nanoTime();
  }

  /** Records the time since the last start as the duration of a phase. */
  public void end(String phase) {
    set(phase, (System.nanoTime() - start) / 1e9);
  }

  /** Records a duration that was measured elsewhere. */
  public void set(String phase, double seconds) {
    phases.put(phase, seconds);
  }

  /** Seconds by phase, in order; unmodifiable. */
  public Map<String, Double> byPhase() {
    return Collections.unmodifiableMap(phases);
  }

  /** The sum over all phases. */
  public double total() {
    return phases.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
