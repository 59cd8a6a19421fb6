package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import io.github.tralign.policy.ReferenceModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reference of a policy: none, weights of the policy's architecture, which can be updated, or a
 * model of another architecture, which cannot.
 */
final class PolicyReference {

  private final DjlModel policy;
  private @Nullable DjlModel kept;

  PolicyReference(DjlModel policy) {
    this.policy = policy;
  }

  Optional<DjlModel> find() {
    return Optional.ofNullable(kept);
  }

  /**
   * The reference.
   *
   * @throws IllegalStateException if there is none
   */
  DjlModel required() {
    return find().orElseThrow(ReferenceModel::missing);
  }

  /** Makes the reference equal to the policy. */
  void copyPolicy() {
    if (isMovable()) {
      mix(1);
      required().isCopyOf(policy); // no longer that of the folder it came from
    } else {
      replace(policy.with(policy.weights().copy()));
    }
  }

  /** Loads a checkpoint folder as the reference, with the policy's settings. */
  void load(Path folder, DjlPolicyBuilder settings) {
    replace(policy.with(folder).orElseGet(() -> new DjlModel(settings.of(folder), true)));
  }

  /** The weights of a reference that can be updated, which the caller fills. */
  Parameters toBeFilled() {
    if (!isMovable()) {
      Decoder decoder = policy.decoder();
      replace(
          policy.with(Parameters.zeros(decoder.architecture().parameters(), decoder.manager())));
    }
    return movable();
  }

  void remove() {
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

  /** Frees what is not closed with the policy. */
  void release() {
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
  Parameters movable() {
    DjlModel reference = required();
    if (!isMovable()) {
      throw new IllegalStateException(
          "the reference of "
              + reference.source()
              + " has a different architecture than the policy, so it cannot be updated or saved with the"
              + " policy's state");
    }
    return reference.weights();
  }

  /** See {@link DjlPolicy#mixReference}. */
  void mix(double weight) {
    List<NDArray> moved = movable().all();
    if (!(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("the policy's weight must be in [0, 1], not " + weight);
    }
    policy.decoder().kernels().run("mix", weight, moved, policy.weights().all());
  }

  /** See {@link DjlPolicy#referenceDistance}. */
  double distance() {
    return policy.decoder().kernels().number("distance", movable().all(), policy.weights().all());
  }
}
