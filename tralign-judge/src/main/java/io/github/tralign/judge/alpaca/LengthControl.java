package io.github.tralign.judge.alpaca;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.judge.statistics.LogisticFit;
import io.github.tralign.judge.statistics.Mean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * AlpacaEval's length-controlled win rate: a logistic regression of the preferences on the
 * difference in length, the difficulty of the instruction and the model, from which the difference
 * in length is then removed.
 *
 * @param form AlpacaEval's name: {@code length_controlled_v1} with its gamed rows, {@code
 *     length_controlled_noreg} with difficulties only, {@code length_controlled_minimal} without
 *     both
 * @param length the coefficient of tanh of the difference in length in standard deviations
 * @param difficulty the coefficient of the difficulty; 0 in the minimal form
 * @param model the coefficient of the model
 * @param rate the win rate and its standard error, × 100
 */
public record LengthControl(
    String form, double length, double difficulty, double model, Mean rate) {

  private static final double GAMED_WEIGHT = 0.2 / 2; // two gamed models

  /** Also the least number of preferences. */
  static final int FOLDS = 5;

  private static final int PENALTIES = 10;

  /** A row of the regression: features, target in [0, 1] and weight. */
  private record Row(double[] x, double y, double weight) {}

  /**
   * Fits the regression.
   *
   * @param difficulties of the instructions by number; empty for the minimal form
   * @param gamed AlpacaEval's gamed rows; empty for the forms without
   * @throws InvalidInputException if there are more annotations than difficulties, or fewer than
   *     five with a preference
   */
  public static LengthControl of(
      List<Annotation> annotations,
      Optional<ImmutableDoubleArray> difficulties,
      List<GamedRow> gamed) {
    ImmutableDoubleArray difficulty =
        requireNonNull(difficulties, "difficulties")
            .orElseGet(() -> ImmutableDoubleArray.copyOf(new double[annotations.size()]));
    requireEnough(difficulties, annotations.size());
    String form =
        difficulties.isEmpty()
            ? "length_controlled_minimal"
            : gamed.isEmpty() ? "length_controlled_noreg" : "length_controlled_v1";
    Annotation first = annotations.get(0);
    if (first.model().equals(first.referenceModel())) {
      return new LengthControl(form, 0, 0, 0, rate(annotations.size(), difficulty, 0, 0));
    }
    boolean minimal = difficulties.isEmpty();
    double[] b = fit(rows(annotations, difficulty, gamed, minimal));
    double byDifficulty = minimal ? 0 : b[2];
    return new LengthControl(
        form, b[0], byDifficulty, b[1], rate(annotations.size(), difficulty, b[1], byDifficulty));
  }

  /**
   * Makes sure that there is a difficulty for each annotation, before anybody is asked for them.
   *
   * @throws InvalidInputException if there are too few
   */
  static void requireEnough(Optional<ImmutableDoubleArray> difficulties, int annotations) {
    if (difficulties.isPresent() && difficulties.get().length() < annotations) {
      throw new InvalidInputException(
          difficulties.get().length()
              + " difficulties are too few for "
              + annotations
              + " annotations; leave them out for instructions of your own");
    }
  }

  /**
   * The win rate × 100 of a model whose coefficients are known, over instructions of these
   * difficulties.
   */
  public static Mean rate(
      int count, ImmutableDoubleArray difficulties, double model, double difficulty) {
    return Mean.of(
        IntStream.range(0, count)
            .mapToObj(i -> 100 * LogisticFit.sigmoid(model + difficulty * difficulties.get(i)))
            .toList());
  }

  private static List<Row> rows(
      List<Annotation> annotations,
      ImmutableDoubleArray difficulty,
      List<GamedRow> gamed,
      boolean minimal) {
    List<Row> rows = new ArrayList<>();
    for (GamedRow row : gamed) {
      double[] x = {Math.tanh(row.length()), 0, row.difficulty()};
      rows.add(new Row(x, row.share(), GAMED_WEIGHT));
    }
    double deviation =
        Mean.deviation(annotations.stream().map(Annotation::lengthDifference).toList());
    for (int i = 0; i < annotations.size(); i++) {
      OptionalDouble preference = annotations.get(i).preference();
      if (preference.isPresent()) {
        double difference = annotations.get(i).lengthDifference();
        double length = difference == 0 ? 0 : Math.tanh(difference / deviation);
        double[] x =
            minimal ? new double[] {length, 1} : new double[] {length, 1, difficulty.get(i)};
        rows.add(new Row(x, preference.getAsDouble() - 1, 1));
      }
    }
    if (rows.size() < FOLDS) {
      throw new InvalidInputException(
          "length control needs at least " + FOLDS + " preferences, not " + rows.size());
    }
    return rows;
  }

  /** The fit with the penalty, of ten, that predicts best by cross-validation. */
  private static double[] fit(List<Row> rows) {
    double best = Double.POSITIVE_INFINITY;
    double chosen = 1;
    for (int i = 0; i < PENALTIES; i++) {
      double c = Math.pow(10, -4 + 8.0 * i / (PENALTIES - 1));
      double loss = 0;
      for (int fold = 0; fold < FOLDS; fold++) {
        double[] b = fit(part(rows, fold, false), c);
        loss += loss(part(rows, fold, true), b) / FOLDS;
      }
      if (loss < best) {
        best = loss;
        chosen = c;
      }
    }
    return fit(rows, chosen);
  }

  private static double[] fit(List<Row> rows, double c) {
    return LogisticFit.fit(
        rows.stream().map(Row::x).toArray(double[][]::new),
        rows.stream().mapToDouble(Row::y).toArray(),
        rows.stream().mapToDouble(Row::weight).toArray(),
        1 / c,
        0);
  }

  private static List<Row> part(List<Row> rows, int fold, boolean held) {
    return IntStream.range(0, rows.size())
        .filter(i -> (i % FOLDS == fold) == held)
        .mapToObj(rows::get)
        .collect(ImmutableList.toImmutableList());
  }

  private static double loss(List<Row> rows, double[] b) {
    double sum = 0;
    for (Row row : rows) {
      double z = LogisticFit.dot(row.x(), b);
      double softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      sum += row.weight() * (softplus - row.y() * z);
    }
    return sum / rows.size();
  }

  /** Whether this differs so much from a win rate, in percent, that the fit may have failed. */
  public boolean isFarFrom(double winRate) {
    double low = Math.min(winRate - winRate / 4, winRate - 10);
    double high = Math.max(winRate + (100 - winRate) / 4, winRate + 10);
    return rate.value() < low || rate.value() > high;
  }

  /** The numbers by AlpacaEval's names. */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("length_control", form);
    values.put("length_controlled_winrate", rate.value());
    values.put("lc_standard_error", rate.standardError());
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("np.tanh(std_delta_len)", length);
    weights.put("instruction_difficulty", difficulty);
    weights.put("not_gamed_baseline.astype(float)", model);
    values.put("weights", weights);
    return values;
  }
}
