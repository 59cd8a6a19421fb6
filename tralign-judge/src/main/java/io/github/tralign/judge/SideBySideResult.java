package io.github.tralign.judge;

import io.github.tralign.judge.PairwiseJudge.Opinion;
import io.github.tralign.judge.statistics.Bootstrap;
import io.github.tralign.judge.statistics.Interval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a judge thinks of two models over all pairs. Pairs with a verdict that could not be read are
 * left out of all but their own count.
 *
 * @param pairs all pairs
 * @param identical pairs with equal answers, which count as ties
 * @param complete pairs with both verdicts, identical ones included
 * @param unread verdicts that could not be read
 * @param wins pairs that model a wins in both orders
 * @param losses pairs that model b wins in both orders
 * @param consistent pairs whose verdicts are equal in both orders, without identical ones
 * @param winRate model a's mean over both orders, ties as a half; NaN if no pair is complete
 * @param winRateInterval 95 %, by bootstrap over pairs
 * @param positionBias by how much an answer's share of wins is larger if it comes first, in [−1,
 *     1]; NaN if no pair was asked and complete
 * @param positionBiasInterval 95 %, by bootstrap over pairs
 */
public record SideBySideResult(
    int pairs,
    int identical,
    int complete,
    int unread,
    int wins,
    int losses,
    int consistent,
    double winRate,
    Interval winRateInterval,
    double positionBias,
    Interval positionBiasInterval) {

  private static final Interval NONE = new Interval(Double.NaN, Double.NaN);

  /** Counts opinions. */
  public static SideBySideResult of(List<Opinion> opinions) {
    List<Opinion> complete = opinions.stream().filter(Opinion::isComplete).toList();
    List<Opinion> asked = complete.stream().filter(it -> !it.identical()).toList();
    List<Double> means = complete.stream().map(Opinion::mean).toList();
    List<Double> biases =
        asked.stream().map(it -> it.aFirst().orElseThrow() - it.aSecond().orElseThrow()).toList();
    return new SideBySideResult(
        opinions.size(),
        (int) opinions.stream().filter(Opinion::identical).count(),
        complete.size(),
        (int)
            opinions.stream()
                .flatMap(it -> Stream.of(it.aFirst(), it.aSecond()))
                .filter(it -> it.isEmpty())
                .count(),
        (int) means.stream().filter(it -> it == 1).count(),
        (int) means.stream().filter(it -> it == 0).count(),
        (int) biases.stream().filter(it -> it == 0).count(),
        mean(means),
        means.isEmpty() ? NONE : Bootstrap.ofDefaults().mean(means),
        mean(biases),
        biases.isEmpty() ? NONE : Bootstrap.ofDefaults().mean(biases));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(it -> it).average().orElse(Double.NaN);
  }

  /** Complete pairs that neither model wins in both orders. */
  public int ties() {
    return complete - wins - losses;
  }

  /** Complete pairs that were asked about. */
  public int asked() {
    return complete - identical;
  }

  /** All numbers by name, for a file. */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("pairs", pairs);
    values.put("identical_pairs", identical);
    values.put("complete_pairs", complete);
    values.put("unread_verdicts", unread);
    if (complete > 0) {
      put(values, "win", wins);
      put(values, "tie", ties());
      put(values, "loss", losses);
      values.put("win_rate", winRate);
      values.put("win_rate_interval", list(winRateInterval));
    }
    if (asked() > 0) {
      values.put("consistency", (double) consistent / asked());
      values.put("consistency_interval", list(Interval.wilson(consistent, asked())));
      values.put("position_bias", positionBias);
      values.put("position_bias_interval", list(positionBiasInterval));
    }
    return values;
  }

  private void put(Map<String, Object> values, String name, int count) {
    values.put(name, (double) count / complete);
    values.put(name + "_interval", list(Interval.wilson(count, complete)));
  }

  private static List<Double> list(Interval interval) {
    return List.of(interval.low(), interval.high());
  }
}
