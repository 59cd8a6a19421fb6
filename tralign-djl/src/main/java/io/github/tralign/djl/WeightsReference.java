package io.github.tralign.djl;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import ai.djl.ndarray.NDArray;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.model.Parameter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The reference of a policy whose weights are all trained: none, weights of the policy's
 * architecture, which can be updated, or a model of another architecture, which cannot.
 */
final class WeightsReference extends PolicyReference {

  WeightsReference(DjlModel policy) {
    super(policy);
  }

  @Override
  void copyPolicy() {
    if (isMovable()) {
      mix(1);
      required().isCopyOf(policy); // no longer that of the folder it came from
    } else {
      replace(policy.with(policy.tensors().copy()));
    }
  }

  @Override
  void load(Path folder, DjlPolicyBuilder settings) {
    replace(
        policy
            .with(folder, settings.basePrecision(true))
            .orElseGet(() -> new DjlModel(settings.of(folder), true)));
  }

  @Override
  Map<String, TensorSource> sources() {
    Decoder decoder = policy.decoder();
    return movable().sources(decoder.manager(), decoder.kernels());
  }

  @Override
  ImmutableMap<String, ImmutableLongArray> shapes(SafetensorsFile state) {
    return policy.decoder().architecture().parameters().stream()
        .collect(toImmutableMap(Parameter::name, Parameter::dimensions));
  }

  @Override
  void fill(SafetensorsFile state) {
    Decoder decoder = policy.decoder();
    if (!isMovable()) {
      replace(
          policy.with(Parameters.zeros(decoder.architecture().parameters(), decoder.manager())));
    }
    movable().fill(state, "", decoder.kernels());
    required().changed();
  }

  @Override
  Parameters own(Parameters all) {
    return all;
  }

  @Override
  String difference() {
    return "has a different architecture than the policy";
  }

  @Override
  void mix(double weight) {
    List<NDArray> moved = movable().all();
    PolicyReference.check(weight);
    policy.decoder().kernels().run("mix", weight, moved, policy.tensors().all());
    required().changed();
  }

  @Override
  double distance() {
    return policy.decoder().kernels().number("distance", movable().all(), policy.tensors().all());
  }
}
