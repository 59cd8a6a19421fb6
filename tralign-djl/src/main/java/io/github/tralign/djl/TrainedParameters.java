package io.github.tralign.djl;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.djl.model.Part;
import java.util.function.Predicate;

/**
 * The parameters that are trained, and how far the backward pass must go for them.
 *
 * @param all the trained parameters, of an adapter if there is one, in the model's order
 * @param lowestLayer the lowest layer that the backward pass must reach; the number of layers if it
 *     need not reach any
 * @param embedding whether an embedding of tokens or positions is trained
 */
record TrainedParameters(ImmutableList<Parameter> all, int lowestLayer, boolean embedding) {

  static TrainedParameters of(Architecture architecture, Predicate<String> trained) {
    ImmutableList<Parameter> all =
        architecture.trainable().stream()
            .filter(it -> trained.test(it.name()))
            .collect(toImmutableList());
    boolean embedding =
        all.stream().anyMatch(it -> it.part() == Part.EMBEDDING || it.part() == Part.POSITION);
    int layers = architecture.spec().layers();
    int lowest =
        all.stream()
            .mapToInt(Parameter::layer)
            .filter(it -> it != Parameter.NO_LAYER)
            .min()
            .orElse(layers);
    return new TrainedParameters(all, embedding ? 0 : lowest, embedding);
  }
}
