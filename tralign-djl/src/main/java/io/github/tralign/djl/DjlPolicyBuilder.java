package io.github.tralign.djl;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.CheckpointFolder;
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
  private BasePrecision basePrecision = BasePrecision.AUTO;
  private boolean frozen;
  boolean averageFactors;
  boolean recompute;
  boolean replace;
  Precision precision = Precision.FP32;
  SaveDtype saveDtype = SaveDtype.SOURCE;
  @Nullable TensorGroup group;
  boolean shardMoments = true;

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
    same.basePrecision = basePrecision;
    same.frozen = true;
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

  /**
   * Sets whether a mix of the reference averages the factors A and B of the adapter, each for
   * itself, instead of the weights. The product of the averages is not the average of the products,
   * so this is not the method of arXiv 2404.09656; it exists for comparisons, and the reference
   * keeps the rank of the adapter. No effect without an adapter. Default false.
   */
  public DjlPolicyBuilder averageFactors(boolean averageFactors) {
    this.averageFactors = averageFactors;
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
   * Sets the type in memory of matrices that are not trained: those under an adapter, and those of
   * a model that only scores. Default {@link BasePrecision#AUTO}.
   */
  public DjlPolicyBuilder basePrecision(BasePrecision basePrecision) {
    this.basePrecision = requireNonNull(basePrecision, "basePrecision");
    return this;
  }

  private boolean trains(boolean ofPolicy) {
    return ofPolicy
        && !frozen
        && adapterFolder == null
        && freshAdapter == null
        && mergedAdapter == null;
  }

  /**
   * Rejects weights that cannot be trained.
   *
   * @throws InvalidInputException if all weights are trained and some are quantized
   */
  void checkTrainable(CheckpointFolder folder, boolean ofPolicy) {
    if (trains(ofPolicy) && !folder.quantized().isEmpty()) {
      throw new InvalidInputException(
          folder.path()
              + ": its weights are quantized to 4 bits (nf4), so they cannot be trained; train an"
              + " adapter (--lora-rank, or adapter(…) of the builder)");
    }
  }

  /**
   * The type of matrices in memory. An adapter is merged into fp32.
   *
   * @param ofPolicy whether a policy owns the model
   * @throws IllegalArgumentException if a type was set that would not apply
   */
  BasePrecision basePrecision(boolean ofPolicy) {
    boolean trained = trains(ofPolicy);
    if (!trained && mergedAdapter == null) {
      return basePrecision;
    }
    if (basePrecision == BasePrecision.BF16) {
      throw new IllegalArgumentException(
          "basePrecision is bf16, but "
              + (trained
                  ? "all weights are trained, which requires fp32; train an adapter, or leave it out"
                  : "an adapter is merged into the weights, which requires fp32; leave it out"));
    }
    return BasePrecision.FP32;
  }

  /**
   * Sets whether no weight is going to be trained, so that matrices may stay in the type of {@link
   * #basePrecision}. A frozen policy scores, and keeps a reference; training it, or mixing it into
   * its reference, throws an {@link IllegalStateException}. Default false.
   */
  public DjlPolicyBuilder frozen(boolean frozen) {
    this.frozen = frozen;
    return this;
  }

  void requireTrainable() {
    if (frozen) {
      throw new IllegalStateException(
          "the policy was loaded as frozen, so neither it nor its reference can be changed");
    }
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
   * Sets the processes that train the policy together, see {@link DjlPolicy#processGroup}; each
   * loads the same checkpoint. The caller closes the group, after the policy. Default: this process
   * alone.
   */
  public DjlPolicyBuilder processGroup(TensorGroup group) {
    this.group = requireNonNull(group, "group");
    return this;
  }

  /**
   * Sets whether AdamW's moments are divided among the processes of {@link #processGroup}, the same
   * on all of them: each has those of about 1/N of the trained weights, updates these, and sends
   * them to the others. It takes 8/N bytes a trained weight instead of 8, and half as much traffic
   * again. The results are the same, bit for bit. Default true; no effect on a single process.
   */
  public DjlPolicyBuilder shardMoments(boolean shardMoments) {
    this.shardMoments = shardMoments;
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
