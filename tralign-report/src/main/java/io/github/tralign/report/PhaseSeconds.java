package io.github.tralign.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long each phase of a run took; the clock of the first one runs from the beginning. */
public final class PhaseSeconds {

  private final Map<String, Double> phases = new LinkedHashMap<>();
  private long start = System.nanoTime();

  /** The clock of the first phase runs. */
  public PhaseSeconds() {}

  /** A phase begins. */
  public void start() {
    start = System.nanoTime();
  }

  /** A phase is done. */
  public void end(String phase) {
    set(phase, (System.nanoTime() - start) / 1e9);
  }

  /** A phase that somebody else has timed. */
  public void set(String phase, double seconds) {
    phases.put(phase, seconds);
  }

  /** By phase, in their order. */
  public Map<String, Double> byPhase() {
    return Collections.unmodifiableMap(phases);
  }

  /** All phases together. */
  public double total() {
    return phases.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
