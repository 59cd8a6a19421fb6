package io.github.tralign.toy;

import io.github.tralign.policy.AdamW;
import io.github.tralign.policy.OptimizerStep;
import io.github.tralign.policy.Weights;
import java.util.Arrays;

/** All weights of a policy as one vector, and what training keeps beside them, in doubles. */
final class Parameters {

  private final double[] values;
  private final double[] gradient;
  private final double[] firstMoment;
  private final double[] secondMoment;
  private double[] reference = {};
  private int steps;

  Parameters(double[] values) {
    this.values = values;
    gradient = new double[values.length];
    firstMoment = new double[values.length];
    secondMoment = new double[values.length];
  }

  /** The vector itself, not a copy. */
  double[] of(Weights which) {
    if (which == Weights.POLICY) {
      return values;
    }
    if (!hasReference()) {
      throw new IllegalStateException("no reference is kept; call keepReference first");
    }
    return reference;
  }

  /** Where gradients are added to. */
  double[] gradient() {
    return gradient;
  }

  /** Clips, moves the weights if the norm is finite, and sets the gradient to zero. */
  double step(OptimizerStep step) {
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

  void discardGradient() {
    Arrays.fill(gradient, 0);
  }

  void keepReference() {
    reference = values.clone();
  }

  boolean hasReference() {
    return reference.length > 0;
  }

  /** {@code ref ← ref + weight · (values − ref)}, exact at both ends. */
  void mixReference(double weight) {
    double[] ref = of(Weights.REFERENCE);
    if (weight == 0) {
      return; // adding nothing would still turn −0 into 0
    }
    for (int i = 0; i < ref.length; i++) {
      ref[i] = weight == 1 ? values[i] : ref[i] + weight * (values[i] - ref[i]);
    }
  }
}
