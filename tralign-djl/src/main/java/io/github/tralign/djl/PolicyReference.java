package io.github.tralign.djl;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.policy.ReferenceModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reference that a policy keeps: none, a model that shares the policy's decoder and can be
 * updated, or any other model, which cannot.
 */
abstract class PolicyReference {

  final DjlModel policy;
  private @Nullable DjlModel kept;

  PolicyReference(DjlModel policy) {
    this.policy = policy;
  }

  /** The reference as a model, or empty if there is none. */
  final Optional<DjlModel> find() {
    return Optional.ofNullable(kept);
  }

  /**
   * The reference as a model.
   *
   * @throws IllegalStateException if there is none
   */
  final DjlModel required() {
    return find().orElseThrow(ReferenceModel::missing);
  }

  final boolean isMovable() {
    return kept != null && kept.decoder() == policy.decoder();
  }

  /**
   * The arrays of a reference that can be updated.
   *
   * @throws IllegalStateException if there is no reference, or it cannot be updated
   */
  final Parameters movable() {
    DjlModel reference = required();
    if (!isMovable()) {
      throw new IllegalStateException(
          "the reference of "
              + reference.source()
              + " "
              + difference()
              + ", so it cannot be updated or saved with the policy's state");
    }
    return reference.tensors();
  }

  final void remove() {
    replace(null);
  }

  final void replace(@Nullable DjlModel other) {
    if (kept != null && isMovable()) {
      Parameters own = own(kept.tensors());
      kept.markReplaced();
      own.close();
    } else {
      release();
    }
    kept = other;
  }

  /** Frees what is not closed with the policy. */
  final void release() {
    if (kept != null && !isMovable()) {
      kept.release();
    }
  }

  /** Those arrays of a reference that it does not share with the policy. */
  abstract Parameters own(Parameters all);

  /** How a reference that cannot be updated differs from the policy. */
  abstract String difference();

  /** Makes the reference equal to the policy. */
  abstract void copyPolicy();

  /** Loads a checkpoint folder as the reference, with the policy's settings. */
  abstract void load(Path folder, DjlPolicyBuilder settings);

  /** See {@link DjlPolicy#mixReference}. */
  abstract void mix(double weight);

  /** See {@link DjlPolicy#referenceDistance}. */
  abstract double distance();

  /** See {@link DjlPolicy#referenceError}. */
  double relativeError() {
    return 0;
  }

  /** Everything required to restore the reference, as tensors by name. */
  abstract Map<String, TensorSource> sources();

  /**
   * The tensors that {@link #fill} requires, and their shapes.
   *
   * @param state a file with the tensors of {@link #sources}
   */
  abstract ImmutableMap<String, ImmutableLongArray> shapes(SafetensorsFile state);

  /** Restores the reference from a file that has been checked. */
  abstract void fill(SafetensorsFile state);

  /** Checks the weight of a mix. */
  static void check(double weight) {
    if (!(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("the policy's weight must be in [0, 1], not " + weight);
    }
  }
}
