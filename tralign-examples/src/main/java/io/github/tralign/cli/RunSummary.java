package io.github.tralign.cli;

import io.github.tralign.train.MetricsFile;
import io.github.tralign.train.TrainingResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** The content of {@code summary.json}. */
final class RunSummary {

  private RunSummary() {}

  static Map<String, Object> of(TrainingResult result, PhaseSeconds seconds) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("seconds", seconds.byPhase());
    summary.put("steps", result.last().step());
    summary.put("pairs", result.examples());
    summary.put("tokens", result.tokens());
    summary.put("pairs_per_second", pairsPerSecond(result));
    Machine.peakMemory().ifPresent(bytes -> summary.put("peak_memory_bytes", bytes));
    summary.put("last", MetricsFile.json(result.last()));
    return summary;
  }

  /** Of the training phase alone. */
  static double pairsPerSecond(TrainingResult result) {
    return result.examples() / Math.max(1e-9, result.trainingSeconds());
  }
}
