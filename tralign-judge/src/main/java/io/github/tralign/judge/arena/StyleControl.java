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
 * Arena-Hard's style control: a Bradley–Terry model of all models against the baseline, with the
 * differences in length, headers, lists and bold text as features. A score is what is left where
 * these do not differ from the mean of all results, so several models are needed. The old form
 * compares counts and has the penalty of scikit-learn, the new one compares counts for each token
 * and has none.
 */
public final class StyleControl {

  private static final int FEATURES = 4;
  private static final double ELO_BASE = Math.log(10); // the old form's unit of strength

  private final ArenaForm form;
  private final ImmutableList<String> models;
  private final double[][] x; // [results][models, the baseline, features]
  private final double[] y;

  /**
   * Prepares the fit.
   *
   * @param judgments of all models
   * @param styles by model and question, those of the baseline under its name
   * @throws InvalidInputException if there are fewer than two models, or a style is missing
   */
  public StyleControl(
      ArenaForm form,
      List<Judgment> judgments,
      Table<String, String, Style> styles,
      String baseline) {
    this.form = form;
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
    List<Result> results = ArenaScore.results(form, judgments);
    double[][] features =
        results.stream()
            .map(
                it ->
                    features(style(styles, it, it.judgment().model()), style(styles, it, baseline)))
            .toArray(double[][]::new);
    x = new double[results.size()][models.size() + 1 + FEATURES];
    y = results.stream().mapToDouble(Result::value).toArray();
    for (int i = 0; i < x.length; i++) {
      x[i][models.indexOf(results.get(i).judgment().model())] = unit();
      x[i][models.size()] = isOld() ? -unit() : 0; // matters only where there is a penalty
    }
    for (int j = 0; j < FEATURES; j++) {
      int feature = j;
      List<Double> column = Arrays.stream(features).map(it -> it[feature]).toList();
      double mean = Mean.of(column).value();
      int n = column.size();
      double deviation = Mean.deviation(column) * (isOld() ? Math.sqrt((n - 1.0) / n) : 1);
      for (int i = 0; i < x.length; i++) {
        x[i][models.size() + 1 + j] = deviation > 0 ? (column.get(i) - mean) / deviation : 0;
      }
    }
  }

  private boolean isOld() {
    return form == ArenaForm.ARENA_HARD;
  }

  private double unit() {
    return isOld() ? ELO_BASE : 1;
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

  private double[] features(Style model, Style baseline) {
    if (isOld()) {
      return new double[] {
        difference(model.tokens(), baseline.tokens()),
        difference(model.headers(), baseline.headers()),
        difference(model.lists(), baseline.lists()),
        difference(model.bold(), baseline.bold())
      };
    }
    double length = model.tokens() + baseline.tokens();
    double perToken = 1 / (model.tokens() + 1.0);
    double other = 1 / (baseline.tokens() + 1.0);
    return new double[] {
      length == 0 ? 0 : (model.tokens() - baseline.tokens()) / length,
      difference(model.headers() * perToken, baseline.headers() * other),
      difference(model.lists() * perToken, baseline.lists() * other),
      difference(model.bold() * perToken, baseline.bold() * other)
    };
  }

  private static double difference(double model, double baseline) {
    return (model - baseline) / (model + baseline + 1);
  }

  /** The score of each model, in [0, 1], with an interval of 90 %, or 95 % in the old form. */
  public ImmutableMap<String, Controlled> scores() {
    double[] fitted = fit(IntStream.range(0, x.length).toArray());
    Bootstrap bootstrap = ArenaScore.bootstrap(form);
    Map<String, Controlled> scores = new LinkedHashMap<>();
    for (int m = 0; m < models.size(); m++) {
      int model = m;
      Interval interval = bootstrap.interval(x.length, drawn -> score(fit(drawn), model));
      scores.put(models.get(m), new Controlled(score(fitted, m), interval));
    }
    return ImmutableMap.copyOf(scores);
  }

  private double score(double[] fitted, int model) {
    return LogisticFit.sigmoid(unit() * (fitted[model] - fitted[models.size()]));
  }

  /** The coefficients of length, headers, lists and bold text, per standard deviation. */
  public double[] coefficients() {
    double[] fitted = fit(IntStream.range(0, x.length).toArray());
    return Arrays.copyOfRange(fitted, models.size() + 1, fitted.length);
  }

  private double[] fit(int[] rows) {
    double[] weights = new double[rows.length];
    Arrays.fill(weights, isOld() ? 2 : 1); // each result enters twice there
    return LogisticFit.fit(
        Arrays.stream(rows).mapToObj(i -> x[i]).toArray(double[][]::new),
        Arrays.stream(rows).mapToDouble(i -> y[i]).toArray(),
        weights,
        0,
        isOld() ? 1 : 0);
  }

  /** A score with its interval. */
  public record Controlled(double score, Interval interval) {}
}
