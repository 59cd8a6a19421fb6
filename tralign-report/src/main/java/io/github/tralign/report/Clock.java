package io.github.tralign.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Tokens and seconds of a run by step, for some of its steps including the last.
 *
 * @param step steps, ascending from 0
 * @param tokens tokens trained on; empty if unknown
 * @param seconds duration of the steps, without probes and evaluations; empty if unknown
 */
record Clock(List<Number> step, List<Number> tokens, List<Number> seconds) {

  /** Collects the values from the lines of a run, in order. */
  static final class Builder {
    private final List<Number> steps = new ArrayList<>(List.of(0));
    private final List<Number> tokens = new ArrayList<>(List.of(0));
    private final List<Double> secondsOfRow = new ArrayList<>(List.of(0.0));
    private long step;
    private long tokensSoFar;
    private double sum; // over the steps, of the seconds per row

    void add(long atStep, JsonNode values) {
      step = atStep;
      tokensSoFar = Math.max(tokensSoFar, values.path("num_tokens").asLong());
      double rate = values.path("pairs_per_second").asDouble();
      sum += rate > 0 ? 1 / rate : 0;
    }

    /** Records the current totals. */
    void mark() {
      if (step > steps.get(steps.size() - 1).longValue()) {
        steps.add(step);
        tokens.add(tokensSoFar);
        secondsOfRow.add(sum);
      }
    }

    /**
     * The recorded totals.
     *
     * @param rows rows per step, if known
     */
    Clock build(OptionalDouble rows) {
      mark();
      List<Number> seconds = ImmutableList.of();
      if (rows.isPresent() && sum > 0) {
        seconds =
            secondsOfRow.stream()
                .<Number>map(it -> Chart.Line.rounded(it * rows.getAsDouble()))
                .toList();
      }
      return new Clock(steps, tokensSoFar > 0 ? tokens : ImmutableList.of(), seconds);
    }
  }
}
