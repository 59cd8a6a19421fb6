package io.github.tralign.djl;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** How a checkpoint is loaded; see {@link DjlPolicy#from}. */
public final class DjlPolicyBuilder {

  final Path folder;
  String device = "cpu";
  int threads;
  int headRows; // 0: as suits the memory
  boolean recompute;
  boolean replace;
  Precision precision = Precision.FP32;

  DjlPolicyBuilder(Path folder) {
    this.folder = requireNonNull(folder, "folder");
  }

  /** The same settings for another folder. */
  DjlPolicyBuilder of(Path other) {
    DjlPolicyBuilder same = new DjlPolicyBuilder(other);
    same.device = device;
    same.threads = threads;
    same.headRows = headRows;
    same.precision = precision;
    return same;
  }

  /** Where to compute: {@code cpu}, {@code cuda} or {@code cuda:N}. Default {@code cpu}. */
  public DjlPolicyBuilder device(String device) {
    this.device = requireNonNull(device, "device");
    return this;
  }

  /**
   * Threads that one operator is split over, ≥ 1, for the whole process. Results may differ in
   * rounding from one number to another. Default: PyTorch's choice.
   */
  public DjlPolicyBuilder threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "the number of threads must be at least 1, not " + threads);
    }
    this.threads = threads;
    return this;
  }

  /**
   * Completion tokens whose probabilities of all next tokens are kept from the forward to the
   * backward pass, ≥ 1. They need memory, this times the vocabulary times 4 bytes; those of further
   * tokens of a micro-batch are computed a second time. Default: what 256 MiB hold.
   */
  public DjlPolicyBuilder headRows(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("the head needs at least 1 row at once, not " + rows);
    }
    this.headRows = rows;
    return this;
  }

  /**
   * Whether each layer is computed a second time on the way back, so that of a micro-batch only the
   * layers' inputs are kept: less memory for about a quarter more work in the layers. Default
   * false.
   */
  public DjlPolicyBuilder recompute(boolean recompute) {
    this.recompute = recompute;
    return this;
  }

  /**
   * Whether {@link DjlPolicy#save} may replace the folder that the policy was loaded from, or that
   * of its reference. Default false.
   */
  public DjlPolicyBuilder replace(boolean replace) {
    this.replace = replace;
    return this;
  }

  /** The number format of matrix products. Default {@link Precision#FP32}. */
  public DjlPolicyBuilder precision(Precision precision) {
    this.precision = requireNonNull(precision, "precision");
    return this;
  }

  /**
   * Loads the checkpoint as a model that only scores; {@link #recompute} and {@link #replace} mean
   * nothing for it.
   *
   * @throws io.github.tralign.InvalidInputException as {@link #load} does
   */
  public DjlModel loadModel() {
    return new DjlModel(this, false);
  }

  /**
   * Loads the checkpoint.
   *
   * @throws io.github.tralign.InvalidInputException if the folder holds no model that can be read,
   *     the device is not there or lacks the precision, or the folder that is set for native
   *     libraries ({@code DJL_CACHE_DIR}) can be written by other users
   */
  public DjlPolicy load() {
    return new DjlPolicy(this);
  }
}
