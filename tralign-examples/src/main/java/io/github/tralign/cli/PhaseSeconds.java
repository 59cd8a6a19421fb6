package io.github.tralign.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long each phase of a run took; the clock of the first one runs from the beginning. */
final class PhaseSeconds {

  private final Map<String, Double> phases = new LinkedHashMap<>();
  private long start = System.nanoTime();

  void start() {
    start = System.nanoTime();
  }

  void end(String phase) {
    set(phase, (System.nanoTime() - start) / 1e9);
  }

  void set(String phase, double seconds) {
    phases.put(phase, seconds);
  }

  /** By phase, in their order. */
  Map<String, Double> byPhase() {
    return Collections.unmodifiableMap(phases);
  }

  double total() {
    return phases.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
