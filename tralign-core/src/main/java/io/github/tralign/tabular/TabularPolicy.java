package io.github.tralign.tabular;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.AdamW;
import io.github.tralign.policy.Objective;
import io.github.tralign.policy.OptimizerStep;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import io.github.tralign.policy.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A language model that is a table: the logits of the next token depend on the token before it
 * alone. Its one parameter, {@code logits}, is a {@code [V, V]} table in double precision.
 *
 * <p>Everything that the method says of weights can be computed by hand on it, so it serves for toy
 * problems and as the proof that the seam holds more than one engine.
 */
public final class TabularPolicy implements Policy {

  private static final String LOGITS = "logits";

  private final int vocabularySize;
  private final double[] logits; // [V · V], row = the token before
  private final double[] gradient; // [V · V]
  private final double[] firstMoment; // [V · V]
  private final double[] secondMoment; // [V · V]
  private double[] reference = {}; // [V · V] once kept
  private int steps;

  /**
   * A table with the given logits.
   *
   * @param logits one row for each token before, one column for each next token; copied
   * @throws IllegalArgumentException if the table is not square
   */
  public TabularPolicy(double[][] logits) {
    vocabularySize = logits.length;
    this.logits = new double[vocabularySize * vocabularySize];
    for (int row = 0; row < vocabularySize; row++) {
      if (logits[row].length != vocabularySize) {
        throw new IllegalArgumentException(
            "row " + row + " has " + logits[row].length + " columns; expected " + vocabularySize);
      }
      System.arraycopy(logits[row], 0, this.logits, row * vocabularySize, vocabularySize);
    }
    gradient = new double[this.logits.length];
    firstMoment = new double[this.logits.length];
    secondMoment = new double[this.logits.length];
  }

  /** A table of independent normal logits. */
  public static TabularPolicy random(int vocabularySize, long seed) {
    Random random = new Random(seed);
    double[][] logits = new double[vocabularySize][vocabularySize];
    for (double[] row : logits) {
      Arrays.setAll(row, column -> random.nextGaussian());
    }
    return new TabularPolicy(logits);
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public int maxLength() {
    return Integer.MAX_VALUE;
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Weights which, Set<TokenStatistic> statistics) {
    double[] table = table(which);
    double[] values = new double[batch.completionTokens()];
    eachToken(
        batch, (t, before, token) -> values[t] = table[before + token] - logSum(table, before, 1));
    Map<TokenStatistic, double[]> told = new EnumMap<>(TokenStatistic.class);
    for (TokenStatistic statistic : statistics) {
      double[] each = new double[values.length];
      eachToken(batch, (t, before, token) -> each[t] = statistic(statistic, table, before));
      told.put(statistic, each);
    }
    return new TokenLogProbs(batch, values, told);
  }

  private double statistic(TokenStatistic which, double[] table, int row) {
    return switch (which) {
      case COLLISION -> logSum(table, row, 2) - 2 * logSum(table, row, 1);
      case DIVERGENCE -> divergence(table(Weights.REFERENCE), table, row);
    };
  }

  @Override
  public void accumulate(
      PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective) {
    TokenGradient slope = objective.gradient(score(batch, Weights.POLICY, statistics));
    double[] logProb = slope.logProbs();
    double[] divergence = slope.divergence();
    eachToken(
        batch,
        (t, before, token) -> {
          double logSum = logSum(logits, before, 1);
          for (int v = before; v < before + vocabularySize; v++) {
            gradient[v] -= logProb[t] * Math.exp(logits[v] - logSum);
          }
          gradient[before + token] += logProb[t];
          if (divergence.length > 0) {
            addDivergence(divergence[t], before);
          }
        });
  }

  /** {@code ∂KL(ref ‖ π)/∂z = π − ref}. */
  private void addDivergence(double slope, int row) {
    double[] ref = table(Weights.REFERENCE);
    double logSum = logSum(logits, row, 1);
    double refLogSum = logSum(ref, row, 1);
    for (int v = row; v < row + vocabularySize; v++) {
      gradient[v] += slope * (Math.exp(logits[v] - logSum) - Math.exp(ref[v] - refLogSum));
    }
  }

  @Override
  public double step(OptimizerStep step) {
    double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
    if (Double.isFinite(norm)) {
      update(step, step.clipFactor(norm));
    }
    discardGradients();
    return norm;
  }

  private void update(OptimizerStep step, double clip) {
    AdamW adamW = step.adamW();
    steps++;
    double correction1 = 1 - Math.pow(adamW.beta1(), steps);
    double correction2 = 1 - Math.pow(adamW.beta2(), steps);
    for (int i = 0; i < logits.length; i++) {
      double g = clip * gradient[i];
      firstMoment[i] += (1 - adamW.beta1()) * (g - firstMoment[i]);
      secondMoment[i] += (1 - adamW.beta2()) * (g * g - secondMoment[i]);
      double direction =
          firstMoment[i]
              / correction1
              / (Math.sqrt(secondMoment[i] / correction2) + adamW.epsilon());
      logits[i] -= step.learningRate() * (direction + adamW.weightDecay() * logits[i]);
    }
  }

  @Override
  public void discardGradients() {
    Arrays.fill(gradient, 0);
  }

  @Override
  public void keepReference() {
    reference = logits.clone();
  }

  @Override
  public boolean hasReference() {
    return reference.length > 0;
  }

  @Override
  public void mixReference(double weight) {
    double[] ref = table(Weights.REFERENCE);
    if (weight == 0) {
      return; // adding nothing would still turn −0 into 0
    }
    for (int i = 0; i < ref.length; i++) {
      ref[i] = weight == 1 ? logits[i] : ref[i] + weight * (logits[i] - ref[i]);
    }
  }

  @Override
  public List<String> parameters() {
    return List.of(LOGITS);
  }

  @Override
  public double[] values(String parameter, Weights which) {
    if (!parameter.equals(LOGITS)) {
      throw new IllegalArgumentException("no parameter '" + parameter + "', only '" + LOGITS + "'");
    }
    return table(which).clone();
  }

  /** Writes {@code logits.csv}, one row of the table a line. */
  @Override
  public void save(Path folder) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < vocabularySize; row++) {
      text.append(
              Arrays.stream(logits, row * vocabularySize, (row + 1) * vocabularySize)
                  .mapToObj(Double::toString)
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    try {
      Files.createDirectories(folder);
      Path unfinished = Files.writeString(folder.resolve("logits.csv.tmp"), text);
      Files.move(unfinished, folder.resolve("logits.csv"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {}

  private double[] table(Weights which) {
    if (which == Weights.POLICY) {
      return logits;
    }
    if (!hasReference()) {
      throw new IllegalStateException("no reference is kept; call keepReference first");
    }
    return reference;
  }

  /** {@code log Σ_v exp(power · table[row + v])}. */
  private double logSum(double[] table, int row, double power) {
    double max = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < vocabularySize; v++) {
      max = Math.max(max, power * table[row + v]);
    }
    double sum = 0;
    for (int v = 0; v < vocabularySize; v++) {
      sum += Math.exp(power * table[row + v] - max);
    }
    return max + Math.log(sum);
  }

  /** {@code KL(p ‖ q)} of the two rows' distributions. */
  private double divergence(double[] p, double[] q, int row) {
    double pLogSum = logSum(p, row, 1);
    double qLogSum = logSum(q, row, 1);
    double sum = 0;
    for (int v = row; v < row + vocabularySize; v++) {
      double logP = p[v] - pLogSum;
      sum += Math.exp(logP) * (logP - (q[v] - qLogSum));
    }
    return Math.max(0, sum);
  }

  private interface TokenVisitor {
    /** Completion token number {@code t} of the batch; {@code before} is its row's offset. */
    void visit(int t, int before, int token);
  }

  private void eachToken(PreferenceBatch batch, TokenVisitor visitor) {
    int t = 0;
    for (Example example : batch.examples()) {
      for (ImmutableIntArray completion : example.completions()) {
        int before = example.prompt().get(example.prompt().length() - 1);
        for (int i = 0; i < completion.length(); i++) {
          visitor.visit(t++, before * vocabularySize, completion.get(i));
          before = completion.get(i);
        }
      }
    }
  }
}
