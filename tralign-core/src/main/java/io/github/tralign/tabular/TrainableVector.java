package io.github.tralign.tabular;

import io.github.tralign.policy.AdamW;
import io.github.tralign.policy.OptimizerStep;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.Weights;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * All weights of a policy in one vector of doubles, with what training keeps beside them: gradient,
 * AdamW's moments, and the reference. With it an engine in plain Java has only to compute
 * log-probabilities and their gradients; the methods do what those of {@link Policy} do.
 */
public final class TrainableVector {

  private final double[] values;
  private final double[] gradient;
  private final double[] firstMoment;
  private final double[] secondMoment;
  private double[] reference = {};
  private int steps;

  /** A vector with the given initial values, which are not copied. */
  public TrainableVector(double[] values) {
    this.values = values;
    gradient = new double[values.length];
    firstMoment = new double[values.length];
    secondMoment = new double[values.length];
  }

  /**
   * The vector itself, not a copy.
   *
   * @throws IllegalStateException if the reference is asked for and none is kept
   */
  public double[] of(Weights which) {
    if (which == Weights.POLICY) {
      return values;
    }
    if (!hasReference()) {
      throw new IllegalStateException("no reference is kept; call keepReference first");
    }
    return reference;
  }

  /** Where gradients are added to; as long as the vector. */
  public double[] gradient() {
    return gradient;
  }

  /** See {@link Policy#step}. */
  public double step(OptimizerStep step) {
    double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
    if (Double.isFinite(norm)) {
      update(step, step.clipFactor(norm));
    }
    discardGradient();
    return norm;
  }

  private void update(OptimizerStep step, double clip) {
    AdamW adamW = step.adamW();
    steps++;
    double correction1 = 1 - Math.pow(adamW.beta1(), steps);
    double correction2 = 1 - Math.pow(adamW.beta2(), steps);
    for (int i = 0; i < values.length; i++) {
      double g = clip * gradient[i];
      firstMoment[i] += (1 - adamW.beta1()) * (g - firstMoment[i]);
      secondMoment[i] += (1 - adamW.beta2()) * (g * g - secondMoment[i]);
      double direction =
          firstMoment[i]
              / correction1
              / (Math.sqrt(secondMoment[i] / correction2) + adamW.epsilon());
      values[i] -= step.learningRate() * (direction + adamW.weightDecay() * values[i]);
    }
  }

  /** See {@link Policy#discardGradients}. */
  public void discardGradient() {
    Arrays.fill(gradient, 0);
  }

  /** See {@link Policy#keepReference}. */
  public void keepReference() {
    reference = values.clone();
  }

  /** See {@link Policy#hasReference}. */
  public boolean hasReference() {
    return reference.length > 0;
  }

  /** See {@link Policy#saveState}. */
  public void saveState(Path folder) {
    new VectorState(steps, values, firstMoment, secondMoment, reference).write(folder);
  }

  /** See {@link Policy#loadState}. */
  public void loadState(Path folder) {
    VectorState state = VectorState.read(folder, values.length);
    steps = state.steps();
    copy(state.values(), values);
    copy(state.firstMoment(), firstMoment);
    copy(state.secondMoment(), secondMoment);
    reference = state.reference();
    discardGradient();
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  /** See {@link Policy#mixReference}. */
  public void mixReference(double weight) {
    double[] ref = of(Weights.REFERENCE);
    if (weight == 0) {
      return; // adding nothing would still turn −0 into 0
    }
    for (int i = 0; i < ref.length; i++) {
      ref[i] = weight == 1 ? values[i] : ref[i] + weight * (values[i] - ref[i]);
    }
  }
}
