package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.adapter.AdapterModule;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The values of a model's weights, as numbers in Java. */
record WeightValues(Parameters all, ImmutableList<AdapterModule> adapted, Decoder decoder) {

  /** The names of the model's parameters that an adapter changes or replaces, sorted. */
  List<String> changed() {
    return Stream.concat(
            adapted.stream().map(AdapterModule::matrix),
            decoder.architecture().weights().whole().stream())
        .map(Parameter::name)
        .sorted()
        .toList();
  }

  /** The values of a parameter; of a matrix with an adapter, those of W + scaling · B·A. */
  double[] effective(String name) {
    return adapted.stream()
        .filter(it -> it.matrix().name().equals(name))
        .findFirst()
        .map(it -> copied(name, scope -> effective(it, scope)))
        .orElseGet(() -> stored(name));
  }

  /** The values of a parameter without an adapter, or of an array of its own. */
  double[] stored(String name) {
    Optional<Parameter> in4Bits =
        decoder.architecture().parameters().stream()
            .filter(it -> it.name().equals(name) && all.find(it).isEmpty())
            .findFirst();
    return in4Bits
        .map(it -> copied(name, scope -> all.matrix(it, scope, kernels())))
        .orElseGet(() -> all.values(name, decoder.manager(), kernels()));
  }

  private NDArray effective(AdapterModule module, NDManager scope) {
    return kernels()
        .call(
            scope,
            "effective",
            all.matrix(module.matrix(), scope, kernels()),
            all.get(module.a()),
            all.get(module.b()),
            module.scaling(),
            module.isTransposed());
  }

  private double[] copied(String name, Function<NDManager, NDArray> computed) {
    try (NDManager scope = decoder.manager().newSubManager()) {
      Parameters one = new Parameters(ImmutableMap.of(name, computed.apply(scope)));
      return one.values(name, scope, kernels());
    }
  }

  private Kernels kernels() {
    return decoder.kernels();
  }
}
