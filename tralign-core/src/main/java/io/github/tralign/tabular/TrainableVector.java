package io.github.tralign.tabular;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterUpdate;
import io.github.tralign.policy.NonFiniteWeightsException;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.ReferenceModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * All weights of a policy in one vector of doubles, with gradient, AdamW's state and reference. An
 * engine in plain Java that uses it only has to compute log-probabilities and their gradients; the
 * methods implement those of {@link Policy}.
 */
public final class TrainableVector {

  private final ImmutableList<VectorPart> parts;
  private final double[] values;
  private final double[] gradient;
  private final double[] firstMoment;
  private final double[] secondMoment;
  private final int[] steps; // of each part, as long as it was trained
  private double[] reference = {};

  /**
   * A vector with the given initial values, which are not copied.
   *
   * @param parts the parameters, sorted by name; together the whole vector
   */
  public TrainableVector(double[] values, List<VectorPart> parts) {
    requireNonNull(parts, "parts");
    this.parts = ImmutableList.copyOf(parts);
    this.values = values;
    gradient = new double[values.length];
    firstMoment = new double[values.length];
    secondMoment = new double[values.length];
    steps = new int[parts.size()];
  }

  /** The policy's weights, not copied. */
  public double[] values() {
    return values;
  }

  /**
   * The reference's weights, not copied.
   *
   * @throws IllegalStateException if no reference is kept
   */
  public double[] reference() {
    if (!hasReference()) {
      throw ReferenceModel.missing();
    }
    return reference;
  }

  /** The accumulated gradient; add to it. It has the length of the vector. */
  public double[] gradient() {
    return gradient;
  }

  /** See {@link Policy#parameters}. */
  public List<String> parameters() {
    return parts.stream().map(VectorPart::name).toList();
  }

  /** See {@link Policy#values}. */
  public double[] values(String parameter) {
    return part(parameter, values);
  }

  /** The same for the reference. */
  public double[] referenceValues(String parameter) {
    return part(parameter, reference());
  }

  private double[] part(String parameter, double[] of) {
    int index = parameters().indexOf(parameter);
    if (index < 0) {
      throw new IllegalArgumentException("no parameter '" + parameter + "', only " + parameters());
    }
    return parts.get(index).of(of).toArray();
  }

  /** See {@link Policy#step}. */
  public double step(OptimizerStep step) {
    return step(step, ProcessGroup.single());
  }

  /** The same with the gradients of all processes of a group, see {@link Policy#processGroup}. */
  public double step(OptimizerStep step, ProcessGroup group) {
    ImmutableMap<VectorPart, ParameterUpdate> updates =
        step.updates(parts, VectorPart::name, VectorPart::matrix);
    copy(group.sum(gradient), gradient);
    double norm =
        Math.sqrt(
            updates.keySet().stream()
                .flatMapToDouble(part -> part.of(gradient))
                .map(g -> g * g)
                .sum());
    if (Double.isFinite(norm)) {
      updates.forEach((part, update) -> update(part, update, step.adamW(), step.clipFactor(norm)));
    }
    discardGradient();
    return norm;
  }

  private void update(VectorPart part, ParameterUpdate update, AdamW adamW, double clip) {
    int done = ++steps[parts.indexOf(part)];
    double correction1 = 1 - Math.pow(adamW.beta1(), done);
    double correction2 = 1 - Math.pow(adamW.beta2(), done);
    for (int i = part.start(); i < part.end(); i++) {
      double g = clip * gradient[i];
      firstMoment[i] += (1 - adamW.beta1()) * (g - firstMoment[i]);
      secondMoment[i] += (1 - adamW.beta2()) * (g * g - secondMoment[i]);
      double direction =
          firstMoment[i]
              / correction1
              / (Math.sqrt(secondMoment[i] / correction2) + adamW.epsilon());
      values[i] -= update.learningRate() * (direction + update.weightDecay() * values[i]);
    }
  }

  /** See {@link Policy#discardGradients}. */
  public void discardGradient() {
    Arrays.fill(gradient, 0);
  }

  /** See {@link Policy#copyToReference}. */
  public void copyToReference() {
    reference = values.clone();
  }

  /** See {@link Policy#hasReference}. */
  public boolean hasReference() {
    return reference.length > 0;
  }

  /** Checks the policy's weights before they are saved; see {@link Policy#save}. */
  public void requireFinite() {
    requireFinite(values);
  }

  private void requireFinite(double[] weights) {
    parameters().forEach(name -> NonFiniteWeightsException.check(name, part(name, weights)));
  }

  /** See {@link Policy#saveState}. */
  public void saveState(Path folder) {
    requireFinite();
    if (hasReference()) {
      requireFinite(reference);
    }
    new VectorState(steps, values, firstMoment, secondMoment, reference).write(folder);
  }

  /** See {@link Policy#loadState}. */
  public void loadState(Path folder) {
    VectorState state = VectorState.read(folder, parts.size(), values.length);
    System.arraycopy(state.steps(), 0, steps, 0, steps.length);
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
    double[] ref = reference();
    if (weight == 0) {
      return; // adding nothing would still turn −0 into 0
    }
    for (int i = 0; i < ref.length; i++) {
      ref[i] = weight == 1 ? values[i] : ref[i] + weight * (values[i] - ref[i]);
    }
  }
}
