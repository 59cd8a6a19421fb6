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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reference of a policy whose weights are all trained: none, weights of the policy's
 * architecture, which can be updated, or a model of another architecture, which cannot.
 */
final class WeightsReference implements PolicyReference {

  private final DjlModel policy;
  private @Nullable DjlModel kept;

  WeightsReference(DjlModel policy) {
    this.policy = policy;
  }

  @Override
  public Optional<DjlModel> find() {
    return Optional.ofNullable(kept);
  }

  @Override
  public void copyPolicy() {
    if (isMovable()) {
      mix(1);
      required().isCopyOf(policy); // no longer that of the folder it came from
    } else {
      replace(policy.with(policy.tensors().copy()));
    }
  }

  @Override
  public void load(Path folder, DjlPolicyBuilder settings) {
    replace(policy.with(folder).orElseGet(() -> new DjlModel(settings.of(folder), true)));
  }

  @Override
  public Map<String, TensorSource> sources() {
    Decoder decoder = policy.decoder();
    return movable().sources(decoder.manager(), decoder.kernels());
  }

  @Override
  public ImmutableMap<String, ImmutableLongArray> shapes(SafetensorsFile state) {
    return policy.decoder().architecture().parameters().stream()
        .collect(toImmutableMap(Parameter::name, Parameter::dimensions));
  }

  @Override
  public void fill(SafetensorsFile state) {
    Decoder decoder = policy.decoder();
    if (!isMovable()) {
      replace(
          policy.with(Parameters.zeros(decoder.architecture().parameters(), decoder.manager())));
    }
    movable().fill(state, "", decoder.kernels());
  }

  @Override
  public void remove() {
    replace(null);
  }

  private void replace(@Nullable DjlModel other) {
    if (isMovable()) {
      required().releaseWeights();
    } else {
      release();
    }
    kept = other;
  }

  @Override
  public void release() {
    if (kept != null && !isMovable()) {
      kept.release();
    }
  }

  private boolean isMovable() {
    return kept != null && kept.decoder() == policy.decoder();
  }

  /**
   * The weights of a reference that can be updated.
   *
   * @throws IllegalStateException if there is no reference, or it cannot be updated
   */
  private Parameters movable() {
    DjlModel reference = required();
    if (!isMovable()) {
      throw new IllegalStateException(
          "the reference of "
              + reference.source()
              + " has a different architecture than the policy, so it cannot be updated or saved with the"
              + " policy's state");
    }
    return reference.tensors();
  }

  @Override
  public void mix(double weight) {
    List<NDArray> moved = movable().all();
    PolicyReference.check(weight);
    policy.decoder().kernels().run("mix", weight, moved, policy.tensors().all());
  }

  @Override
  public double distance() {
    return policy.decoder().kernels().number("distance", movable().all(), policy.tensors().all());
  }
}
