package io.github.tralign.tabular;

import static java.util.Objects.requireNonNull;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.StateSession;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Objective;
import io.github.tralign.policy.Openness;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.ReferenceModel;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A bigram language model: the logits of the next token depend on the previous token only. Its only
 * parameter, {@code logits}, is a {@code [V, V]} table in double precision.
 *
 * <p>Its results can be checked by hand, so it serves for toy problems, and as a second engine
 * behind {@link Policy}.
 */
public final class TabularPolicy implements Policy {

  private static final String LOGITS = "logits";

  private final Openness open = new Openness("the tabular policy");
  private final int vocabularySize;
  private final TrainableVector logits; // [V · V], row = the token before
  private final ProcessGroup group;

  /**
   * A table with the given logits.
   *
   * @param logits one row per previous token, one column per next token; copied
   * @throws IllegalArgumentException if the table is not square
   */
  public TabularPolicy(double[][] logits) {
    this(logits, ProcessGroup.single());
  }

  /**
   * A table with the given logits that several processes train together.
   *
   * @param logits one row per previous token, one column per next token; copied
   * @throws IllegalArgumentException if the table is not square
   */
  public TabularPolicy(double[][] logits, ProcessGroup group) {
    this.group = requireNonNull(group, "group");
    vocabularySize = logits.length;
    double[] table = new double[vocabularySize * vocabularySize];
    for (int row = 0; row < vocabularySize; row++) {
      if (logits[row].length != vocabularySize) {
        throw new IllegalArgumentException(
            "row " + row + " has " + logits[row].length + " columns; expected " + vocabularySize);
      }
      System.arraycopy(logits[row], 0, table, row * vocabularySize, vocabularySize);
    }
    this.logits =
        new TrainableVector(table, List.of(new VectorPart(LOGITS, 0, table.length, true)));
  }

  /** A model with independent, normally distributed logits. */
  public static TabularPolicy random(int vocabularySize, long seed) {
    return random(vocabularySize, seed, ProcessGroup.single());
  }

  /** The same that several processes train together. */
  public static TabularPolicy random(int vocabularySize, long seed, ProcessGroup group) {
    Random random = new Random(seed);
    double[][] logits = new double[vocabularySize][vocabularySize];
    for (double[] row : logits) {
      Arrays.setAll(row, column -> random.nextGaussian());
    }
    return new TabularPolicy(logits, group);
  }

  @Override
  public int vocabularySize() {
    open.require();
    return vocabularySize;
  }

  @Override
  public int maxLength() {
    open.require();
    return Integer.MAX_VALUE;
  }

  @Override
  public Optional<String> fingerprint() {
    open.require();
    Hasher hasher = Hashing.sha256().newHasher();
    Arrays.stream(logits.values()).forEach(hasher::putDouble);
    return Optional.of("tabular " + hasher.hash());
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
    open.require();
    return score(batch, logits.values(), statistics);
  }

  @Override
  public DecodingSession decode(long cacheTokens) {
    open.require();
    return new StateSession<>(
        new TabularDecoder(open, vocabularySize, logits.values().clone()), cacheTokens);
  }

  private TokenLogProbs score(
      PreferenceBatch batch, double[] table, Set<TokenStatistic> statistics) {
    batch.requireKnown(vocabularySize);
    double[] values = new double[batch.completionTokens()];
    eachToken(
        batch, (t, before, token) -> values[t] = table[before + token] - logSum(table, before, 1));
    Map<TokenStatistic, double[]> computed = new EnumMap<>(TokenStatistic.class);
    for (TokenStatistic statistic : statistics) {
      double[] each = new double[values.length];
      eachToken(batch, (t, before, token) -> each[t] = statistic(statistic, table, before));
      computed.put(statistic, each);
    }
    return new TokenLogProbs(batch, values, computed);
  }

  private double statistic(TokenStatistic which, double[] table, int row) {
    return switch (which) {
      case COLLISION -> logSum(table, row, 2) - 2 * logSum(table, row, 1);
      case DIVERGENCE -> divergence(logits.reference(), table, row);
    };
  }

  @Override
  public void accumulate(
      PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective) {
    open.require();
    TokenGradient slope = score(batch, logits.values(), statistics).gradientOf(objective);
    double[] logProb = slope.logProbs();
    double[] divergence = slope.divergence();
    double[] table = logits.values();
    double[] gradient = logits.gradient();
    eachToken(
        batch,
        (t, before, token) -> {
          double logSum = logSum(table, before, 1);
          for (int v = before; v < before + vocabularySize; v++) {
            gradient[v] -= logProb[t] * Math.exp(table[v] - logSum);
          }
          gradient[before + token] += logProb[t];
          if (divergence.length > 0) {
            addDivergence(divergence[t], before);
          }
        });
  }

  /** {@code ∂KL(ref ‖ π)/∂z = π − ref}. */
  private void addDivergence(double slope, int row) {
    double[] table = logits.values();
    double[] ref = logits.reference();
    double logSum = logSum(table, row, 1);
    double refLogSum = logSum(ref, row, 1);
    for (int v = row; v < row + vocabularySize; v++) {
      logits.gradient()[v] += slope * (Math.exp(table[v] - logSum) - Math.exp(ref[v] - refLogSum));
    }
  }

  @Override
  public ProcessGroup processGroup() {
    open.require();
    return group;
  }

  @Override
  public double step(OptimizerStep step) {
    open.require();
    return logits.step(step, group);
  }

  @Override
  public void discardGradients() {
    open.require();
    logits.discardGradient();
  }

  @Override
  public void copyToReference() {
    open.require();
    logits.copyToReference();
  }

  @Override
  public boolean hasReference() {
    open.require();
    return logits.hasReference();
  }

  @Override
  public LanguageModel reference() {
    open.require();
    logits.reference();
    return new ReferenceModel(this) {
      @Override
      public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
        open.require();
        requireNoDivergence(statistics);
        return TabularPolicy.this.score(batch, logits.reference(), statistics);
      }

      @Override
      public DecodingSession decode(long cacheTokens) {
        open.require();
        return new StateSession<>(
            new TabularDecoder(open, vocabularySize, logits.reference().clone()), cacheTokens);
      }

      @Override
      public double[] values(String parameter) {
        open.require();
        return logits.referenceValues(parameter);
      }
    };
  }

  @Override
  public void mixReference(double weight) {
    open.require();
    logits.mixReference(weight);
  }

  @Override
  public List<String> parameters() {
    open.require();
    return logits.parameters();
  }

  @Override
  public double[] values(String parameter) {
    open.require();
    return logits.values(parameter);
  }

  /** Writes {@code logits.csv}, one row of the table per line. */
  @Override
  public void save(Path folder) {
    open.require();
    requireNonNull(folder, "folder");
    logits.requireFinite();
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < vocabularySize; row++) {
      text.append(
              Arrays.stream(logits.values(), row * vocabularySize, (row + 1) * vocabularySize)
                  .mapToObj(Double::toString)
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    try {
      Files.createDirectories(folder);
      AtomicFile.writeString(folder.resolve("logits.csv"), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void saveState(Path folder) {
    open.require();
    logits.saveState(folder);
  }

  @Override
  public void loadState(Path folder) {
    open.require();
    logits.loadState(folder);
  }

  @Override
  public void close() {
    open.close(() -> {});
  }

  /** {@code log Σ_v exp(power · table[row + v])}. */
  private double logSum(double[] table, int row, double power) {
    return logSum(table, row, vocabularySize, power);
  }

  static double logSum(double[] table, int row, int vocabularySize, double power) {
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
    /** Completion token number {@code t} of the batch; {@code before} is the offset of its row. */
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
