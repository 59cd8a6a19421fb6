package io.github.tralign.judge.alpaca;

import io.github.tralign.judge.statistics.Mean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AlpacaEval's win rate of a model over a reference, in percent. Annotations without a preference
 * are left out of it.
 *
 * @param rate mean of preference − 1, with its standard error, × 100
 * @param wins preferences above 1.5
 * @param losses preferences below 1.5
 * @param ties preferences of 1.5
 * @param discrete the win rate if each preference counts as a win, a half or a loss, × 100
 * @param averageLength of the model's answers, in characters, all annotations included
 */
public record WinRate(
    Mean rate, int wins, int losses, int ties, double discrete, int averageLength) {

  /** The win rate by annotations. */
  public static WinRate of(List<Annotation> annotations) {
    List<Double> shares =
        annotations.stream()
            .filter(it -> it.preference().isPresent())
            .map(it -> 100 * (it.preference().getAsDouble() - 1))
            .toList();
    int wins = (int) shares.stream().filter(it -> it > 50).count();
    int losses = (int) shares.stream().filter(it -> it < 50).count();
    int ties = shares.size() - wins - losses;
    return new WinRate(
        Mean.of(shares),
        wins,
        losses,
        ties,
        100 * (wins + ties / 2.0) / shares.size(),
        (int) annotations.stream().mapToInt(Annotation::length).average().orElse(0));
  }

  /** The numbers by AlpacaEval's names. */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("win_rate", rate.value());
    values.put("standard_error", rate.standardError());
    values.put("n_wins", wins);
    values.put("n_wins_base", losses);
    values.put("n_draws", ties);
    values.put("n_total", rate.count());
    values.put("discrete_win_rate", discrete);
    values.put("avg_length", averageLength);
    return values;
  }
}
