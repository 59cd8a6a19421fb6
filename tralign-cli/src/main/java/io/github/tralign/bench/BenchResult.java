package io.github.tralign.bench;

import com.google.common.collect.ImmutableList;
import io.github.tralign.text.Numbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of the steps after the warm-up.
 *
 * @param rows number of rows in the counted steps
 * @param stepSeconds duration of each counted step, without reference scoring
 * @param scoringSeconds duration of reference scoring, the counted steps' share by tokens
 * @param counts tokens of the counted steps
 * @param neededWork floating-point operations that the counted steps require; NaN if the loss
 *     requires passes that are not counted, or parameters are frozen
 * @param matrixPeak the device's peak of matrix products, in floating-point operations per second
 * @param peakMemoryBytes peak resident memory of the process, or 0 if unknown
 * @param gpuMemoryBytes GPU memory in use after the steps, or 0 without a GPU; PyTorch does not
 *     release memory in between
 */
public record BenchResult(
    long rows,
    ImmutableList<Double> stepSeconds,
    double scoringSeconds,
    TokenCounts counts,
    double neededWork,
    double matrixPeak,
    long peakMemoryBytes,
    long gpuMemoryBytes) {

  /** Seconds of the counted steps, with their share of reference scoring. */
  public double seconds() {
    return scoringSeconds + stepSeconds.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Rows per second. */
  public double rowsPerSecond() {
    return rows / seconds();
  }

  /** Required operations per second, as a share of the device's peak. */
  public double shareOfPeak() {
    return neededWork / seconds() / matrixPeak;
  }

  /** The result as JSON values, by name. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rows_per_second", rowsPerSecond());
    map.put("rows", rows);
    map.put("step_seconds", stepSeconds);
    map.put("reference_scoring_seconds", scoringSeconds);
    map.put("tokens_packed", counts.packed());
    map.put("tokens_unshared", counts.unshared());
    map.put("tokens_padded", counts.padded());
    map.put("tokens_predicted", counts.predicted());
    if (Double.isFinite(neededWork)) {
      map.put("needed_flop", neededWork);
      map.put("share_of_matrix_peak", shareOfPeak());
    }
    map.put("matrix_peak_flop_per_second", matrixPeak);
    if (peakMemoryBytes > 0) {
      map.put("peak_memory_bytes", peakMemoryBytes);
    }
    if (gpuMemoryBytes > 0) {
      map.put("gpu_memory_bytes", gpuMemoryBytes);
    }
    return map;
  }

  /**
   * The result as lines of text.
   *
   * @param unit what a row is, such as {@code pair}
   */
  public List<String> lines(String unit) {
    List<String> lines = new ArrayList<>();
    double perStep = (double) rows / stepSeconds.size();
    double slowest = stepSeconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double fastest = stepSeconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    lines.add(
        line(
            "speed",
            "%.2f %ss/s, %,.0f tokens/s over %s; by step %.2f to %.2f %ss/s",
            rowsPerSecond(),
            unit,
            counts.packed() / seconds(),
            Numbers.count(stepSeconds.size(), "step"),
            perStep / slowest,
            perStep / fastest,
            unit));
    if (scoringSeconds > 0) {
      lines.add(line("reference scoring", "%.1f of %.1f s", scoringSeconds, seconds()));
    }
    if (Double.isFinite(neededWork)) {
      lines.add(
          line(
              "needed work",
              "%.0f GFLOP a step, done at %.0f GFLOP/s: %.2f of the matrix peak, %.0f GFLOP/s",
              neededWork / stepSeconds.size() / 1e9,
              neededWork / seconds() / 1e9,
              shareOfPeak(),
              matrixPeak / 1e9));
    }
    lines.add(
        line(
            "tokens",
            "%,d packed, %,d of them predict; %.2f times as many without sharing prompts, %.2f with"
                + " padding too",
            counts.packed(),
            counts.predicted(),
            (double) counts.unshared() / counts.packed(),
            (double) counts.padded() / counts.packed()));
    if (peakMemoryBytes > 0) {
      lines.add(line("peak memory", "%,d MiB", peakMemoryBytes >> 20));
    }
    if (gpuMemoryBytes > 0) {
      lines.add(line("GPU memory", "%,d MiB", gpuMemoryBytes >> 20));
    }
    return lines;
  }

  private static String line(String name, String format, Object... values) {
    return String.format(Locale.ROOT, "%-20s ", name) + String.format(Locale.ROOT, format, values);
  }
}
