package io.github.tralign.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import io.github.tralign.train.BestEvaluation;
import io.github.tralign.train.TrainingResult;
import io.github.tralign.train.log.MetricsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The content of {@code summary.json}. */
public final class RunSummary {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private RunSummary() {}

  /** Writes a summary into a run's folder, atomically. */
  static void write(Path folder, Map<String, Object> summary) {
    Path file = folder.resolve("summary.json");
    try {
      AtomicFile.writeString(file, JSON.writeValueAsString(summary) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  static Map<String, Object> of(TrainingResult result, PhaseSeconds seconds) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("seconds", seconds.byPhase());
    summary.put("steps", result.last().step());
    summary.put("pairs", result.examples());
    summary.put("tokens", result.tokens());
    summary.put("pairs_per_second", pairsPerSecond(result));
    Machine.peakMemory().ifPresent(bytes -> summary.put("peak_memory_bytes", bytes));
    result.best().ifPresent(best -> summary.put("best", best(best)));
    result.earlyStop().ifPresent(why -> summary.put("early_stop", why));
    if (result.skippedSteps() > 0) {
      summary.put("skipped_steps", result.skippedSteps());
    }
    summary.put("last", MetricsFile.json(result.last()));
    return summary;
  }

  private static Map<String, Object> best(BestEvaluation best) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("metric", best.metric().toString());
    values.put("reference", best.reference());
    values.put("step", best.step());
    values.put("value", best.value());
    return values;
  }

  /** Rows per second in the training phase. */
  public static double pairsPerSecond(TrainingResult result) {
    return result.examples() / Math.max(1e-9, result.trainingSeconds());
  }
}
