package io.github.tralign.djl;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.policy.ReferenceModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The reference that a policy keeps, if any. */
interface PolicyReference {

  /** The reference as a model, or empty if there is none. */
  Optional<DjlModel> find();

  /**
   * The reference as a model.
   *
   * @throws IllegalStateException if there is none
   */
  default DjlModel required() {
    return find().orElseThrow(ReferenceModel::missing);
  }

  /** Makes the reference equal to the policy. */
  void copyPolicy();

  /** Loads a checkpoint folder as the reference, with the policy's settings. */
  void load(Path folder, DjlPolicyBuilder settings);

  /** See {@link DjlPolicy#mixReference}. */
  void mix(double weight);

  /** See {@link DjlPolicy#referenceDistance}. */
  double distance();

  /** See {@link DjlPolicy#referenceError}. */
  default double relativeError() {
    return 0;
  }

  void remove();

  /** Frees what is not closed with the policy. */
  void release();

  /** Everything required to restore the reference, as tensors by name. */
  Map<String, TensorSource> sources();

  /**
   * The tensors that {@link #fill} requires, and their shapes.
   *
   * @param state a file with the tensors of {@link #sources}
   */
  ImmutableMap<String, ImmutableLongArray> shapes(SafetensorsFile state);

  /** Restores the reference from a file that has been checked. */
  void fill(SafetensorsFile state);

  /** Checks the weight of a mix. */
  static void check(double weight) {
    if (!(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("the policy's weight must be in [0, 1], not " + weight);
    }
  }
}
