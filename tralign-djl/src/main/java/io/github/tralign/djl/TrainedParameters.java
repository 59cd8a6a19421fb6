package io.github.tralign.djl;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import java.util.function.Predicate;

/**
 * The parameters that gradients are computed of, and how far back that takes the backward pass.
 *
 * @param all in the model's order
 * @param lowestLayer below which no gradient is needed; the number of layers where none is needed
 *     in any
 * @param embedding whether the gradient at the embeddings is needed
 * @param head whether that of the head's table is
 */
record TrainedParameters(
    ImmutableList<Parameter> all, int lowestLayer, boolean embedding, boolean head) {

  static TrainedParameters of(Architecture architecture, Predicate<String> trained) {
    ImmutableList<Parameter> all =
        architecture.parameters().stream()
            .filter(it -> trained.test(it.name()))
            .collect(toImmutableList());
    boolean embedding = all.contains(architecture.weights().embedding());
    int layers = architecture.spec().layers();
    int lowest =
        all.stream()
            .mapToInt(Parameter::layer)
            .filter(it -> it != Parameter.NO_LAYER)
            .min()
            .orElse(layers);
    return new TrainedParameters(
        all, embedding ? 0 : lowest, embedding, all.contains(architecture.weights().head()));
  }
}
