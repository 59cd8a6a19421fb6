package io.github.tralign.recurrent;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.data.PreferenceBatch;
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
import io.github.tralign.tabular.TrainableVector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A small recurrent language model: one gated recurrent unit and a linear head, in plain Java and
 * double precision, with hand-written backpropagation through time. The sequences of a batch are
 * computed side by side.
 *
 * <p>It is so small that hundreds of runs take seconds. Like in a real model, all sequences share
 * the weights, so changing the probability of one changes the others.
 */
public final class RecurrentPolicy implements Policy {

  private final Openness open = new Openness("the recurrent policy");
  private final Layout layout;
  private final TrainableVector weights;

  private RecurrentPolicy(Layout layout, double[] weights) {
    this.layout = layout;
    this.weights = new TrainableVector(weights, layout.parts());
  }

  /**
   * Makes a policy with weights drawn uniformly from {@code [−1/√H, 1/√H)}.
   *
   * @param vocabulary number of token ids, ≥ 1
   * @param hidden H, size of the state, ≥ 1
   */
  public static RecurrentPolicy random(int vocabulary, int hidden, RandomGenerator random) {
    Layout layout = new Layout(vocabulary, hidden);
    double bound = 1 / Math.sqrt(hidden);
    double[] weights = random.doubles(layout.size(), -bound, bound).toArray();
    return new RecurrentPolicy(layout, weights);
  }

  /** A new policy with the same weights, without reference, gradients and moments. */
  public RecurrentPolicy copy() {
    return new RecurrentPolicy(layout, weights.values().clone());
  }

  @Override
  public int vocabularySize() {
    open.require();
    return layout.vocabulary();
  }

  @Override
  public int maxLength() {
    open.require();
    return Integer.MAX_VALUE;
  }

  /**
   * The states before the first token of several sequences. They are read with the policy's weights
   * as these are at each call.
   *
   * @param sequences number of sequences, ≥ 1
   */
  public RecurrentStates start(int sequences) {
    open.require();
    return RecurrentStates.start(layout, weights.values(), sequences);
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
    open.require();
    BatchPass reading = read(batch, weights.values());
    return reading.scores(statistics, reference(batch, statistics, reading));
  }

  @Override
  public void accumulate(
      PreferenceBatch batch, Set<TokenStatistic> statistics, Objective objective) {
    open.require();
    BatchPass reading = read(batch, weights.values());
    BatchPass reference = reference(batch, statistics, reading);
    TokenGradient slope = reading.scores(statistics, reference).gradientOf(objective);
    reading.backward(slope, reference, weights.gradient());
  }

  /**
   * The reference's pass if the divergence is requested, else {@code otherwise}, which is not used.
   */
  private BatchPass reference(
      PreferenceBatch batch, Set<TokenStatistic> statistics, BatchPass otherwise) {
    return statistics.contains(TokenStatistic.DIVERGENCE)
        ? read(batch, weights.reference())
        : otherwise;
  }

  @Override
  public DecodingSession decode(long cacheTokens) {
    open.require();
    return new StateSession<>(
        new RecurrentDecoder(open, layout, weights.values().clone()), cacheTokens);
  }

  private BatchPass read(PreferenceBatch batch, double[] values) {
    return new BatchPass(batch, layout, values);
  }

  @Override
  public double step(OptimizerStep step) {
    open.require();
    return weights.step(step);
  }

  @Override
  public void discardGradients() {
    open.require();
    weights.discardGradient();
  }

  @Override
  public void copyToReference() {
    open.require();
    weights.copyToReference();
  }

  @Override
  public boolean hasReference() {
    open.require();
    return weights.hasReference();
  }

  @Override
  public LanguageModel reference() {
    open.require();
    weights.reference();
    return new ReferenceModel(this) {
      @Override
      public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
        open.require();
        requireNoDivergence(statistics);
        BatchPass reading = read(batch, weights.reference());
        return reading.scores(statistics, reading);
      }

      @Override
      public DecodingSession decode(long cacheTokens) {
        open.require();
        return new StateSession<>(
            new RecurrentDecoder(open, layout, weights.reference().clone()), cacheTokens);
      }

      @Override
      public double[] values(String parameter) {
        open.require();
        return weights.referenceValues(parameter);
      }
    };
  }

  @Override
  public void mixReference(double weight) {
    open.require();
    weights.mixReference(weight);
  }

  @Override
  public List<String> parameters() {
    open.require();
    return weights.parameters();
  }

  @Override
  public double[] values(String parameter) {
    open.require();
    return weights.values(parameter);
  }

  /** Writes {@code weights.json}: the sizes, and the values of each parameter row by row. */
  @Override
  public void save(Path folder) {
    open.require();
    weights.requireFinite();
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("vocabulary", layout.vocabulary());
    content.put("hidden", layout.hidden());
    parameters().forEach(name -> content.put(name, values(name)));
    try {
      Files.createDirectories(folder);
      String json = new ObjectMapper().writeValueAsString(content);
      AtomicFile.writeString(folder.resolve("weights.json"), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void saveState(Path folder) {
    open.require();
    weights.saveState(folder);
  }

  @Override
  public void loadState(Path folder) {
    open.require();
    weights.loadState(folder);
  }

  @Override
  public void close() {
    open.close(() -> {});
  }
}
