package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
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

  /** Uses the values of a parameter; of a matrix with an adapter, those of W + scaling · B·A. */
  <T> T effective(String name, Function<ArrayValues, T> use) {
    return adapted.stream()
        .filter(it -> it.matrix().name().equals(name))
        .findFirst()
        .map(it -> computed(scope -> effective(it, scope), use))
        .orElseGet(() -> stored(name, use));
  }

  /** Uses the values of a parameter without an adapter, or of an array of its own. */
  <T> T stored(String name, Function<ArrayValues, T> use) {
    Optional<Parameter> in4Bits =
        decoder.architecture().parameters().stream()
            .filter(it -> it.name().equals(name) && all.find(it).isEmpty())
            .findFirst();
    return in4Bits
        .map(it -> computed(scope -> all.matrix(it, scope, kernels()), use))
        .orElseGet(() -> use.apply(all.values(name, decoder.manager(), kernels())));
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

  private <T> T computed(Function<NDManager, NDArray> array, Function<ArrayValues, T> use) {
    try (NDManager scope = decoder.manager().newSubManager()) {
      return use.apply(new ArrayValues(array.apply(scope), scope, kernels()));
    }
  }

  private Kernels kernels() {
    return decoder.kernels();
  }
}
