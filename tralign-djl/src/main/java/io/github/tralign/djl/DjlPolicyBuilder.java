package io.github.tralign.djl;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Loads a checkpoint with chosen settings; see {@link DjlPolicy#from}. */
public final class DjlPolicyBuilder {

  final Path folder;
  String device = "cpu";
  int threads;
  int headRows; // 0: the default
  @Nullable Path mergedAdapter;
  private @Nullable Path adapterFolder;
  private @Nullable Adapter freshAdapter;
  boolean recompute;
  boolean replace;
  Precision precision = Precision.FP32;
  SaveDtype saveDtype = SaveDtype.SOURCE;

  DjlPolicyBuilder(Path folder) {
    this.folder = requireNonNull(folder, "folder");
  }

  /** The same settings for another folder, whose model only scores. */
  DjlPolicyBuilder of(Path other) {
    DjlPolicyBuilder same = new DjlPolicyBuilder(other);
    same.device = device;
    same.threads = threads;
    same.headRows = headRows;
    same.precision = precision;
    return same;
  }

  /**
   * Adds a LoRA adapter to the model's weights when it is loaded: {@code W + scaling · B·A} in
   * fp32. The result is a model like any other, which is scored, trained and saved as a whole.
   * Default: none.
   *
   * @param folder a folder as PEFT saves it, with {@code adapter_config.json} and {@code
   *     adapter_model.safetensors}
   */
  public DjlPolicyBuilder mergeAdapter(Path folder) {
    this.mergedAdapter = requireNonNull(folder, "folder");
    return this;
  }

  /**
   * Trains a fresh LoRA adapter instead of the model's weights, which are frozen. The reference is
   * kept as an adapter too. {@link DjlPolicy#save} writes a folder that PEFT can load. Default:
   * none.
   */
  public DjlPolicyBuilder adapter(Adapter settings) {
    this.freshAdapter = requireNonNull(settings, "settings");
    this.adapterFolder = null;
    return this;
  }

  /**
   * As {@link #adapter(Adapter)}, but continues with a trained adapter.
   *
   * @param folder a folder as PEFT or {@link DjlPolicy#save} writes it
   */
  public DjlPolicyBuilder adapter(Path folder) {
    this.adapterFolder = requireNonNull(folder, "folder");
    this.freshAdapter = null;
    return this;
  }

  /** The adapter that is trained, if there is one. */
  Optional<LoadedAdapter> adapter(Architecture model, NDManager manager, Kernels kernels) {
    if (adapterFolder != null) {
      return Optional.of(LoadedAdapter.read(adapterFolder, model, manager, kernels));
    }
    return Optional.ofNullable(freshAdapter)
        .map(it -> LoadedAdapter.make(it, this.folder, model, manager));
  }

  /**
   * Sets the device that computes: {@code cpu}, {@code cuda} or {@code cuda:N}. Default {@code
   * cpu}.
   */
  public DjlPolicyBuilder device(String device) {
    this.device = requireNonNull(device, "device");
    return this;
  }

  /**
   * Sets the number of threads that PyTorch uses within an operator, ≥ 1; it applies to the whole
   * process. Different numbers of threads may round results differently. Default: PyTorch's choice.
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
   * Sets for how many completion tokens of a micro-batch the probabilities over the vocabulary are
   * kept for the backward pass, ≥ 1; for the rest they are recomputed. They take {@code rows} ×
   * vocabulary size × 4 bytes. Default: as many rows as fit in 256 MiB.
   */
  public DjlPolicyBuilder headRows(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("the head's rows must be at least 1, not " + rows);
    }
    this.headRows = rows;
    return this;
  }

  /**
   * Sets whether the backward pass recomputes each layer's activations (gradient checkpointing):
   * only the layers' inputs are kept, which saves memory for about a quarter more work in the
   * layers. Default false.
   */
  public DjlPolicyBuilder recompute(boolean recompute) {
    this.recompute = recompute;
    return this;
  }

  /**
   * Sets whether {@link DjlPolicy#save} may replace the folder that the policy or its reference was
   * loaded from. Default false.
   */
  public DjlPolicyBuilder replace(boolean replace) {
    this.replace = replace;
    return this;
  }

  /**
   * Sets the type in which {@link DjlPolicy#save} stores the weights. Default {@link
   * SaveDtype#SOURCE}.
   */
  public DjlPolicyBuilder saveDtype(SaveDtype saveDtype) {
    this.saveDtype = requireNonNull(saveDtype, "saveDtype");
    return this;
  }

  /** Sets the precision of matrix products. Default {@link Precision#FP32}. */
  public DjlPolicyBuilder precision(Precision precision) {
    this.precision = requireNonNull(precision, "precision");
    return this;
  }

  /**
   * Loads the checkpoint as a model that only scores; {@link #recompute}, {@link #replace} and
   * {@link #saveDtype} do not apply to it.
   *
   * @throws io.github.tralign.InvalidInputException as {@link #load} does
   */
  public DjlModel loadModel() {
    return new DjlModel(this, false);
  }

  /**
   * Loads the checkpoint as a policy.
   *
   * @throws io.github.tralign.InvalidInputException if the folder has no model of a supported
   *     architecture, a file is missing or invalid, the device does not exist or does not support
   *     the precision, or the folder set for native libraries ({@code DJL_CACHE_DIR}) is writable
   *     by other users
   */
  public DjlPolicy load() {
    return new DjlPolicy(this);
  }
}
