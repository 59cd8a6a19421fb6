package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ContiguousSet;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Maps;
import com.google.common.primitives.Ints;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.ParameterShape;
import io.github.tralign.policy.AdamW;
import io.github.tralign.policy.OptimizerStep;
import io.github.tralign.policy.ParameterUpdate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** AdamW's step, and what it keeps of each parameter from the first step on that trains it. */
final class Optimizer {

  private final ImmutableList<ParameterShape> parameters;
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
  void begin(ParameterShape parameter, float steps) {
    memory.put(parameter.name(), zeros(parameter, steps));
  }

  private Memory memory(ParameterShape parameter) {
    return memory.computeIfAbsent(parameter.name(), it -> zeros(parameter, 0));
  }

  private Memory zeros(ParameterShape parameter, float steps) {
    return new Memory(
        Parameters.zeros(parameter, manager),
        Parameters.zeros(parameter, manager),
        manager.create(steps));
  }

  /** Clips, updates the weights, zeroes the gradients; gives the norm before clipping. */
  double step(
      OptimizerStep step,
      Parameters weights,
      Parameters gradients,
      NDManager scope,
      Kernels kernels) {
    ImmutableSetMultimap<ParameterUpdate, Integer> alike =
        step.updates(
                ContiguousSet.closedOpen(0, parameters.size()),
                i -> parameters.get(i).name(),
                i -> parameters.get(i).isMatrix())
            .asMultimap()
            .inverse();
    ImmutableList<Integer> trained = alike.values().asList();
    List<Memory> kept = trained.stream().map(i -> memory(parameters.get(i))).toList();
    double[][] rows =
        alike.asMap().entrySet().stream()
            .map(it -> row(it.getValue().size(), it.getKey()))
            .toArray(double[][]::new);
    AdamW adamW = step.adamW();
    double[] settings = {adamW.beta1(), adamW.beta2(), adamW.epsilon(), step.maxGradNorm()};
    NDManager cpu = Kernels.onCpu(scope);
    return kernels
        .call(
            "adamw",
            scope.create(settings),
            cpu.create(rows),
            cpu.create(Ints.toArray(trained)),
            weights.all(),
            gradients.all(),
            kept.stream().map(Memory::first).toList(),
            kept.stream().map(Memory::second).toList(),
            kept.stream().map(Memory::steps).toList())
        .getFloat();
  }

  private static double[] row(int parameters, ParameterUpdate update) {
    return new double[] {parameters, update.learningRate(), update.weightDecay()};
  }
}
