package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterUpdate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * AdamW: its step, and its state for each parameter that has been trained. Of several processes
 * that share the state, each has that of the parameters it owns, updates these, and gives them to
 * the others (ZeRO stage 1, arXiv 1910.02054, by whole parameters). Then each weight is computed
 * once, so the results do not depend on who computes it.
 */
final class Optimizer {

  static final String FIRST_MOMENT = "exp_avg/"; // the names of PyTorch's optimizer state
  static final String SECOND_MOMENT = "exp_avg_sq/";
  static final String STEP = "step/";

  private final Architecture architecture;
  private final NDManager manager;
  private final @Nullable TensorGroup group;
  private final @Nullable TensorGroup sharers; // the group, if the state is shared
  private final StateOwners owners;
  private final Map<String, State> states = new TreeMap<>(); // by parameter, of those owned here
  private boolean agreed;

  /** Both moments, and the number of steps as PyTorch keeps it, in an array. */
  private record State(NDArray first, NDArray second, NDArray steps) {}

  /**
   * An optimizer that has no state yet.
   *
   * @param group the processes that train together; null for this one alone
   * @param shared whether each has a part of the state, instead of all of it
   */
  Optimizer(
      Architecture architecture, NDManager manager, @Nullable TensorGroup group, boolean shared) {
    this.architecture = architecture;
    this.manager = manager;
    this.group = group;
    sharers = shared && group != null && group.size() > 1 ? group : null;
    owners = new StateOwners(sharers == null ? 1 : sharers.size());
  }

  private boolean owns(Parameter parameter) {
    return owners.of(parameter) == (sharers == null ? 0 : sharers.rank());
  }

  /** The first moments of the parameters that have been trained and are owned here. */
  Parameters firstMoment() {
    return all(State::first);
  }

  /** The second moments of the same parameters. */
  Parameters secondMoment() {
    return all(State::second);
  }

  private Parameters all(Function<State, NDArray> part) {
    return new Parameters(ImmutableMap.copyOf(Maps.transformValues(states, part::apply)));
  }

  void close() {
    for (State its : states.values()) {
      List.of(its.first(), its.second(), its.steps()).forEach(NDArray::close);
    }
  }

  /**
   * Starts parameters with zero moments; of those owned elsewhere only that they have been trained
   * is noted.
   *
   * @param steps the number of steps that have trained each
   */
  void begin(Map<Parameter, Float> steps) {
    owners.assign(steps.keySet());
    steps.forEach(
        (parameter, done) -> {
          if (owns(parameter)) {
            states.put(parameter.name(), zeros(parameter, done));
          }
        });
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

  /** Whether the processes must read {@link #sources} together. */
  boolean isSharded() {
    return sharers != null;
  }

  /** The whole state, as tensors by name. */
  Map<String, TensorSource> sources(Kernels kernels) {
    Map<String, TensorSource> sources = new TreeMap<>();
    for (Parameter parameter : architecture.trainable()) {
      if (owners.has(parameter)) {
        String name = parameter.name();
        ImmutableLongArray shape = parameter.dimensions();
        sources.put(FIRST_MOMENT + name, source(parameter, shape, State::first, kernels));
        sources.put(SECOND_MOMENT + name, source(parameter, shape, State::second, kernels));
        sources.put(STEP + name, source(parameter, ImmutableLongArray.of(), State::steps, kernels));
      }
    }
    return sources;
  }

  private TensorSource source(
      Parameter parameter,
      ImmutableLongArray shape,
      Function<State, NDArray> part,
      Kernels kernels) {
    if (sharers != null) {
      NDArray array = owns(parameter) ? part.apply(state(parameter)) : null;
      return new TensorSource(
          shape, new BroadcastTensor(array, owners.of(parameter), sharers, manager, kernels));
    }
    NDArray array = part.apply(state(parameter));
    return new TensorSource(
        shape, (first, target) -> Parameters.read(array, first, target, manager, kernels));
  }

  /**
   * Adds up the gradients over the processes, clips them, updates the weights and sets the
   * gradients to zero.
   *
   * @return the gradient norm before clipping
   * @throws IllegalStateException if the step trains a parameter that has no gradient, or not all
   *     processes share the state or none does
   */
  double step(OptimizerStep step, Parameters weights, Parameters gradients, Kernels kernels) {
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
    requireAgreement();
    List<NDArray> counted = updates.keySet().stream().map(gradients::get).toList();
    if (group != null) {
      group.sum(counted); // not before the step is accepted: a second try would add them up twice
    }
    owners.assign(updates.keySet());
    ImmutableSetMultimap<ParameterUpdate, Parameter> alike =
        ImmutableMap.copyOf(Maps.filterKeys(updates, this::owns)).asMultimap().inverse();
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
    if (sharers != null) {
      give(updates.keySet(), weights, sharers);
    }
    gradients.zero(kernels);
    return norm;
  }

  /** Gives weights from their owners to all; after a step that changed none too, as all must. */
  private void give(Collection<Parameter> parameters, Parameters weights, TensorGroup sharers) {
    sharers.broadcast(
        parameters.stream().map(weights::get).toList(),
        parameters.stream().mapToInt(owners::of).toArray());
  }

  /** Processes with different settings would wait for each other in different calls. */
  private void requireAgreement() {
    if (group != null && !agreed) {
      double sharing = group.sum(new double[] {isSharded() ? 1 : 0})[0];
      if (sharing != 0 && sharing != group.size()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "shardMoments is true on %.0f of %d processes; it must be the same on all",
                sharing,
                group.size()));
      }
      agreed = true;
    }
  }
}
