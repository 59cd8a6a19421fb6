package io.github.tralign.judge.arena;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Table;
import io.github.tralign.InvalidInputException;
import io.github.tralign.judge.arena.ArenaAnswer.Style;
import io.github.tralign.judge.arena.ArenaScore.Result;
import io.github.tralign.judge.statistics.Bootstrap;
import io.github.tralign.judge.statistics.Interval;
import io.github.tralign.judge.statistics.LogisticFit;
import io.github.tralign.judge.statistics.Mean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Arena-Hard's style control, of its new form: a Bradley–Terry model of all models against the
 * baseline, with the differences in length, headers, lists and bold text as features. A score is
 * what is left where these do not differ from the mean of all results, so several models are
 * needed.
 */
public final class StyleControl {

  private static final int FEATURES = 4;

  private final ImmutableList<String> models;
  private final double[][] x; // [results][models + features]
  private final double[] y;

  /**
   * Prepares the fit.
   *
   * @param judgments of all models
   * @param styles by model and question, those of the baseline under its name
   * @throws InvalidInputException if there are fewer than two models, or a style is missing
   */
  public StyleControl(
      List<Judgment> judgments, Table<String, String, Style> styles, String baseline) {
    models =
        judgments.stream()
            .map(Judgment::model)
            .distinct()
            .sorted()
            .collect(ImmutableList.toImmutableList());
    if (models.size() < 2) {
      throw new InvalidInputException(
          "style control needs judgments of at least two models, since it compares each with the"
              + " mean of all");
    }
    List<Result> results = ArenaScore.results(ArenaForm.ARENA_HARD_V2, judgments);
    double[][] features =
        results.stream()
            .map(
                it ->
                    features(style(styles, it, it.judgment().model()), style(styles, it, baseline)))
            .toArray(double[][]::new);
    x = new double[results.size()][models.size() + FEATURES];
    y = results.stream().mapToDouble(Result::value).toArray();
    for (int i = 0; i < x.length; i++) {
      x[i][models.indexOf(results.get(i).judgment().model())] = 1;
    }
    for (int j = 0; j < FEATURES; j++) {
      int feature = j;
      List<Double> column = Arrays.stream(features).map(it -> it[feature]).toList();
      double mean = Mean.of(column).value();
      double deviation = Mean.deviation(column);
      for (int i = 0; i < x.length; i++) {
        x[i][models.size() + j] = deviation > 0 ? (column.get(i) - mean) / deviation : 0;
      }
    }
  }

  private static Style style(Table<String, String, Style> styles, Result result, String model) {
    Style style = styles.get(model, result.judgment().id());
    if (style == null) {
      throw new InvalidInputException(
          "the answer of "
              + model
              + " to question "
              + result.judgment().id()
              + " has no metadata, which style control needs");
    }
    return style;
  }

  private static double[] features(Style model, Style baseline) {
    double length = model.tokens() + baseline.tokens();
    return new double[] {
      length == 0 ? 0 : (model.tokens() - baseline.tokens()) / length,
      difference(model.headers(), model, baseline.headers(), baseline),
      difference(model.lists(), model, baseline.lists(), baseline),
      difference(model.bold(), model, baseline.bold(), baseline)
    };
  }

  private static double difference(long of, Style model, long base, Style baseline) {
    double density = of / (model.tokens() + 1.0);
    double other = base / (baseline.tokens() + 1.0);
    return (density - other) / (density + other + 1);
  }

  /** The score of each model, in [0, 1], with an interval of 90 %. */
  public ImmutableMap<String, Controlled> scores() {
    int[] all = IntStream.range(0, x.length).toArray();
    double[] fitted = fit(all);
    Bootstrap bootstrap = ArenaScore.bootstrap(ArenaForm.ARENA_HARD_V2);
    Map<String, Controlled> scores = new LinkedHashMap<>();
    for (int m = 0; m < models.size(); m++) {
      int model = m;
      Interval interval =
          bootstrap.interval(x.length, drawn -> LogisticFit.sigmoid(fit(drawn)[model]));
      scores.put(models.get(m), new Controlled(LogisticFit.sigmoid(fitted[m]), interval));
    }
    return ImmutableMap.copyOf(scores);
  }

  /** The coefficients of length, headers, lists and bold text, per standard deviation. */
  public double[] coefficients() {
    double[] fitted = fit(IntStream.range(0, x.length).toArray());
    return Arrays.copyOfRange(fitted, models.size(), fitted.length);
  }

  private double[] fit(int[] rows) {
    double[] weights = new double[rows.length];
    Arrays.fill(weights, 1);
    return LogisticFit.fit(
        Arrays.stream(rows).mapToObj(i -> x[i]).toArray(double[][]::new),
        Arrays.stream(rows).mapToDouble(i -> y[i]).toArray(),
        weights,
        0,
        0);
  }

  /** A score with its interval. */
  public record Controlled(double score, Interval interval) {}
}
