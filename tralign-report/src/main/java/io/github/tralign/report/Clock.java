package io.github.tralign.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a run had used up by some of its steps, the last one among them.
 *
 * @param step ascending, beginning with 0
 * @param tokens trained on; empty where no step tells
 * @param seconds of the steps themselves, without probe and evaluation; empty where they are not
 *     known
 */
record Clock(List<Number> step, List<Number> tokens, List<Number> seconds) {

  /** Collects what the lines of a run tell, in their order. */
  static final class Builder {
    private final List<Number> steps = new ArrayList<>(List.of(0));
    private final List<Number> tokens = new ArrayList<>(List.of(0));
    private final List<Double> secondsOfRow = new ArrayList<>(List.of(0.0));
    private long step;
    private long tokensSoFar;
    private double sum; // over the steps, of the seconds that a row took

    void add(long atStep, JsonNode values) {
      step = atStep;
      tokensSoFar = Math.max(tokensSoFar, values.path("num_tokens").asLong());
      double rate = values.path("pairs_per_second").asDouble();
      sum += rate > 0 ? 1 / rate : 0;
    }

    /** Keeps where the run stands. */
    void mark() {
      if (step > steps.get(steps.size() - 1).longValue()) {
        steps.add(step);
        tokens.add(tokensSoFar);
        secondsOfRow.add(sum);
      }
    }

    /**
     * What was kept.
     *
     * @param rows of a step
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
