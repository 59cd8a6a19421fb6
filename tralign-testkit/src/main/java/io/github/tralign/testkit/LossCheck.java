package io.github.tralign.testkit;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Checks that a loss has the properties that every loss must have.
 *
 * <pre>{@code
 * LossCheck.check(new MyLoss(0.1));
 * }</pre>
 *
 * <p>{@link #check(AlignmentLoss)} runs all checks below on random batches; each check can also be
 * run on a given batch. A failure is an {@link AssertionError} that names the loss, the row, the
 * completion, the expected and the actual value.
 *
 * @param loss the loss to check
 */
public record LossCheck(AlignmentLoss loss) {

  private static final int BATCHES = 60;
  private static final long SEED = 42;

  /** Makes the checks of a loss. */
  public LossCheck {
    requireNonNull(loss, "loss");
  }

  /**
   * Runs all checks on random batches, for a loss whose gradient is the derivative of its value.
   *
   * @throws AssertionError if a check fails
   */
  public static void check(AlignmentLoss loss) {
    LossCheck check = new LossCheck(loss);
    check.checkApartFromDerivatives(); // checks shapes first
    BatchDraw draw = new BatchDraw(loss, SEED);
    for (int i = 0; i < BATCHES; i++) {
      check.derivatives(draw.next(20));
    }
  }

  /**
   * Runs all checks except {@link #derivatives} on random batches, for a loss that treats a batch
   * statistic as a constant, so that its gradient is not the derivative of its value.
   *
   * @throws AssertionError if a check fails
   */
  public void checkApartFromDerivatives() {
    BatchDraw draw = new BatchDraw(loss, SEED);
    for (int i = 0; i < BATCHES; i++) {
      finite(draw.next(1e4));
      ScoredBatch batch = draw.next(100);
      order(batch);
      slices(batch, 1 + i % 4);
      if (draw.takesWeights()) {
        weights(batch, i / 10.0);
      }
      noMemory(batch);
      lengths(batch);
    }
  }

  /**
   * Checks the gradient against central differences of the value.
   *
   * @throws AssertionError if a check fails
   */
  public void derivatives(ScoredBatch batch) {
    new Differences(loss, batch).check();
  }

  /**
   * Checks that value, rewards and derivatives are finite, with one derivative for each completion.
   *
   * @throws AssertionError if a check fails
   */
  public void finite(ScoredBatch batch) {
    LossResult result = loss.evaluate(batch);
    require(Double.isFinite(result.value()), "the value is %s", result.value());
    requireShape("derivatives", batch, result.gradient());
    if (result.divergenceGradient().length > 0) {
      require(
          loss.usesDivergence(),
          "it returns derivatives of the divergence, but usesDivergence() is false");
      requireShape("derivatives of the divergence", batch, result.divergenceGradient());
    }
    for (int i = 0; i < batch.size(); i++) {
      double reward = loss.reward(batch.get(i).first());
      require(Double.isFinite(reward), "row %d: the reward is %s", i, reward);
    }
  }

  private void requireShape(String what, ScoredBatch batch, double[][] slopes) {
    require(
        slopes.length == batch.size(),
        "%s for %d rows; expected %d",
        what,
        slopes.length,
        batch.size());
    for (int i = 0; i < slopes.length; i++) {
      int completions = batch.get(i).completions().size();
      require(
          slopes[i] != null && slopes[i].length == completions,
          "row %d: the %s are %s, for %d completion(s)",
          i,
          what,
          Arrays.toString(slopes[i]),
          completions);
      for (int k = 0; k < completions; k++) {
        require(
            Double.isFinite(slopes[i][k]),
            "row %d, completion %d: one of the %s is %s",
            i,
            k,
            what,
            slopes[i][k]);
      }
    }
  }

  /**
   * Checks that the order of the examples does not matter.
   *
   * @throws AssertionError if a check fails
   */
  public void order(ScoredBatch batch) {
    LossResult result = loss.evaluate(batch);
    LossResult reversed = loss.evaluate(batch.with(Lists.reverse(batch.examples())));
    requireNear("the value of the reversed batch", result.value(), reversed.value());
    double[][] gradient = reversed.gradient().clone();
    Collections.reverse(Arrays.asList(gradient));
    requireNear("in the reversed batch, the derivative", result.gradient(), gradient);
  }

  /**
   * Checks that a separable loss's values on slices of a batch add up to its value on the whole.
   *
   * @param size number of rows per slice, ≥ 1
   * @throws AssertionError if a check fails
   */
  public void slices(ScoredBatch batch, int size) {
    if (!loss.separable()) {
      return;
    }
    LossResult result = loss.evaluate(batch);
    double sum = 0;
    int row = 0;
    for (List<ScoredExample> slice : Lists.partition(batch.examples(), size)) {
      LossResult share = loss.evaluate(batch.with(slice));
      sum += share.value();
      double[][] whole = Arrays.copyOfRange(result.gradient(), row, row += slice.size());
      requireNear(
          "in a slice that ends with row " + row + ", the derivative", whole, share.gradient());
    }
    requireNear("the sum of the values of slices of " + size, result.value(), sum);
  }

  /**
   * Checks that value and gradient are proportional to the rows' weights.
   *
   * @param factor multiplies all weights, ≥ 0
   * @throws AssertionError if a check fails
   */
  public void weights(ScoredBatch batch, double factor) {
    LossResult result = loss.evaluate(batch);
    ImmutableList.Builder<ScoredExample> examples = ImmutableList.builder();
    for (ScoredExample it : batch.examples()) {
      double weight = factor * it.judgement().weight();
      examples.add(new ScoredExample(it.completions(), it.judgement().weight(weight)));
    }
    LossResult scaled = loss.evaluate(batch.with(examples.build()));
    String weighted = "with all weights times " + factor + ", the ";
    requireNear(weighted + "value", factor * result.value(), scaled.value());
    double[][] expected =
        Arrays.stream(result.gradient())
            .map(row -> Arrays.stream(row).map(it -> factor * it).toArray())
            .toArray(double[][]::new);
    requireNear(weighted + "derivative", expected, scaled.gradient());
  }

  /**
   * Checks that the loss is a function of the batch: evaluating it again gives the same result.
   *
   * @throws AssertionError if a check fails
   */
  public void noMemory(ScoredBatch batch) {
    LossResult first = loss.evaluate(batch);
    LossResult again = loss.evaluate(batch);
    require(
        first.value() == again.value()
            && Arrays.deepEquals(first.gradient(), again.gradient())
            && first.metrics().equals(again.metrics())
            && first.memory().equals(again.memory()),
        "the same batch gives %s, and then %s; a loss must keep its state in LossResult.memory",
        first.value(),
        again.value());
  }

  /**
   * Checks that the loss depends on numbers of tokens only if {@link AlignmentLoss#usesLengths} is
   * true.
   *
   * @throws AssertionError if a check fails
   */
  public void lengths(ScoredBatch batch) {
    if (loss.usesLengths()) {
      return;
    }
    ImmutableList.Builder<ScoredExample> examples = ImmutableList.builder();
    for (ScoredExample it : batch.examples()) {
      List<ScoredCompletion> ones = it.completions().stream().map(LossCheck::ofOneToken).toList();
      examples.add(new ScoredExample(ones, it.judgement()));
    }
    double value = loss.evaluate(batch).value();
    double shortened = loss.evaluate(batch.with(examples.build())).value();
    require(
        value == shortened,
        "the value is %s, but %s with other numbers of tokens; usesLengths() must be true",
        value,
        shortened);
  }

  private static ScoredCompletion ofOneToken(ScoredCompletion it) {
    return new ScoredCompletion(it.logp(), it.referenceLogp(), 1, it.divergence(), it.collision());
  }

  private void requireNear(String what, double[][] expected, double[][] actual) {
    for (int i = 0; i < expected.length; i++) {
      for (int k = 0; k < expected[i].length; k++) {
        requireNear(what + " of row " + i + ", completion " + k, expected[i][k], actual[i][k]);
      }
    }
  }

  private void requireNear(String what, double expected, double actual) {
    require(
        Math.abs(actual - expected) <= 1e-11 * (1 + Math.abs(expected)),
        "%s is %s; expected %s",
        what,
        actual,
        expected);
  }

  private void require(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw failure(loss, String.format(Locale.ROOT, message, arguments));
    }
  }

  static AssertionError failure(AlignmentLoss loss, String message) {
    return new AssertionError("the loss " + loss.name() + ": " + message);
  }
}
