package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
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

/** AdamW's step, and what it keeps of each parameter from the first step on that trains it. */
final class Optimizer {

  private final ImmutableList<Parameter> parameters;
  private final NDManager manager;
  private final Map<String, Memory> memory = new TreeMap<>(); // by parameter

  /** Both moments, and the number of steps as PyTorch keeps it, in an array. */
  private record Memory(NDArray first, NDArray second, NDArray steps) {}

  Optimizer(Architecture architecture, NDManager manager) {
    this.parameters = architecture.parameters();
    this.manager = manager;
  }

  /** Moments of the parameters that have been trained, which are zero at first. */
  Parameters firstMoment() {
    return all(Memory::first);
  }

  Parameters secondMoment() {
    return all(Memory::second);
  }

  /** In how many steps each of them was trained. */
  Map<String, Float> steps() {
    return Maps.transformValues(memory, it -> it.steps().getFloat());
  }

  private Parameters all(Function<Memory, NDArray> part) {
    return new Parameters(ImmutableMap.copyOf(Maps.transformValues(memory, part::apply)));
  }

  void close() {
    for (Memory its : memory.values()) {
      List.of(its.first(), its.second(), its.steps()).forEach(NDArray::close);
    }
  }

  /** Begins with moments of zero, counting from a number of steps. */
  void begin(Parameter parameter, float steps) {
    memory.put(parameter.name(), zeros(parameter, steps));
  }

  private Memory memory(Parameter parameter) {
    return memory.computeIfAbsent(parameter.name(), it -> zeros(parameter, 0));
  }

  private Memory zeros(Parameter parameter, float steps) {
    return new Memory(
        Parameters.zeros(parameter, manager),
        Parameters.zeros(parameter, manager),
        manager.create(steps));
  }

  /**
   * Clips, updates the weights, zeroes the gradients; gives the norm before clipping.
   *
   * @throws IllegalStateException if the step trains a parameter that has no gradient
   */
  double step(OptimizerStep step, Parameters weights, Parameters gradients, Kernels kernels) {
    ImmutableMap<Parameter, ParameterUpdate> updates =
        step.updates(parameters, Parameter::name, Parameter::isMatrix);
    updates.keySet().stream()
        .filter(it -> gradients.find(it).isEmpty())
        .findFirst()
        .ifPresent(
            it -> {
              throw new IllegalStateException(
                  "'" + it.name() + "' is to be trained, but no gradient of it was asked for");
            });
    ImmutableSetMultimap<ParameterUpdate, Parameter> alike = updates.asMultimap().inverse();
    List<Parameter> trained = alike.values().asList();
    List<Memory> kept = trained.stream().map(this::memory).toList();
    AdamW adamW = step.adamW();
    double norm =
        kernels.number(
            "adamw",
            trained.stream().map(weights::get).toList(),
            trained.stream().map(gradients::get).toList(),
            kept.stream().map(Memory::first).toList(),
            kept.stream().map(Memory::second).toList(),
            kept.stream().map(Memory::steps).toList(),
            updates.keySet().stream().map(gradients::get).toList(),
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
