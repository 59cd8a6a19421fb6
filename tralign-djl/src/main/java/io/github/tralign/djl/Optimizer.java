package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Maps;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterUpdate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** AdamW: its step, and its state for each parameter that has been trained. */
final class Optimizer {

  private final Architecture architecture;
  private final NDManager manager;
  private final Map<String, State> states = new TreeMap<>(); // by parameter

  /** Both moments, and the number of steps as PyTorch keeps it, in an array. */
  private record State(NDArray first, NDArray second, NDArray steps) {}

  Optimizer(Architecture architecture, NDManager manager) {
    this.architecture = architecture;
    this.manager = manager;
  }

  /** The first moments of the parameters that have been trained. */
  Parameters firstMoment() {
    return all(State::first);
  }

  Parameters secondMoment() {
    return all(State::second);
  }

  /** The number of steps that trained each parameter, by name. */
  Map<String, Float> steps() {
    return Maps.transformValues(states, it -> it.steps().getFloat());
  }

  private Parameters all(Function<State, NDArray> part) {
    return new Parameters(ImmutableMap.copyOf(Maps.transformValues(states, part::apply)));
  }

  void close() {
    for (State its : states.values()) {
      List.of(its.first(), its.second(), its.steps()).forEach(NDArray::close);
    }
  }

  /** Starts a parameter with zero moments and the given number of completed steps. */
  void begin(Parameter parameter, float steps) {
    states.put(parameter.name(), zeros(parameter, steps));
  }

  private State state(Parameter parameter) {
    return states.computeIfAbsent(parameter.name(), it -> zeros(parameter, 0));
  }

  private State zeros(Parameter parameter, float steps) {
    return new State(
        Parameters.zeros(parameter, manager),
        Parameters.zeros(parameter, manager),
        manager.create(steps));
  }

  /**
   * Adds up the gradients over the processes, clips them, updates the weights and sets the
   * gradients to zero.
   *
   * @param group the processes; null for this one alone
   * @return the gradient norm before clipping
   * @throws IllegalStateException if the step trains a parameter that has no gradient
   */
  double step(
      OptimizerStep step,
      Parameters weights,
      Parameters gradients,
      @Nullable TensorGroup group,
      Kernels kernels) {
    ImmutableMap<Parameter, ParameterUpdate> updates =
        step.updates(architecture.trainable(), Parameter::name, Parameter::isMatrix);
    updates.keySet().stream()
        .filter(it -> gradients.find(it).isEmpty())
        .findFirst()
        .ifPresent(
            it -> {
              throw new IllegalStateException(
                  "'"
                      + it.name()
                      + "' is updated by this step, but is not among the parameters of trainOnly");
            });
    List<NDArray> counted = updates.keySet().stream().map(gradients::get).toList();
    if (group != null) {
      group.sum(counted); // not before the step is accepted: a second try would add them up twice
    }
    ImmutableSetMultimap<ParameterUpdate, Parameter> alike = updates.asMultimap().inverse();
    List<Parameter> trained = alike.values().asList();
    List<State> kept = trained.stream().map(this::state).toList();
    AdamW adamW = step.adamW();
    double norm =
        kernels.number(
            "adamw",
            trained.stream().map(weights::get).toList(),
            trained.stream().map(gradients::get).toList(),
            kept.stream().map(State::first).toList(),
            kept.stream().map(State::second).toList(),
            kept.stream().map(State::steps).toList(),
            counted,
            alike.keySet().stream().mapToLong(it -> alike.get(it).size()).toArray(),
            alike.keySet().stream().mapToDouble(ParameterUpdate::learningRate).toArray(),
            alike.keySet().stream().mapToDouble(ParameterUpdate::weightDecay).toArray(),
            adamW.beta1(),
            adamW.beta2(),
            adamW.epsilon(),
            step.maxGradNorm());
    gradients.zero(kernels);
    return norm;
  }
}
