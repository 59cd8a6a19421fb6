package io.github.tralign.djl;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.adapter.AdapterFolder;
import io.github.tralign.djl.adapter.AdapterModule;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.PyTorch;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Openness;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;
import java.util.function.Function;

/**
 * A language model loaded from a Hugging Face checkpoint, computed by PyTorch through DJL. It
 * scores completions and needs memory for the weights only; {@link DjlPolicy} can also be trained.
 *
 * <pre>{@code
 * try (DjlModel model = DjlModel.load(Path.of("pythia-70m"))) { … }
 * }</pre>
 *
 * <p>The caller closes the model. After that, every call throws an {@link IllegalStateException};
 * {@link #close} waits for a call that is running in another thread.
 *
 * <p>Weights are converted to fp32, or kept in 16 bits where {@link DjlPolicyBuilder#basePrecision}
 * says so. Computation is fp32, unless {@link DjlPolicyBuilder#precision} is set. A batch is
 * packed: its tokens form one axis without padding, each prompt is computed once, and logits are
 * computed for completion tokens only, in chunks of rows.
 */
public final class DjlModel implements LanguageModel {

  private final Openness open;
  private Path source;
  private final ConfigJson config;
  private final ImmutableList<String> warnings;
  private final ImmutableMap<String, StoredTensor> stored;
  private final Fingerprint fingerprint;
  private final Decoder decoder;
  private final Optional<ObjectNode> adapterConfig;
  private final ImmutableList<AdapterModule> adapted;
  private Parameters weights;
  private int changes;
  private final int maxLength;
  private final boolean ofPolicy;
  private boolean replaced;

  /**
   * Loads a model.
   *
   * @param ofPolicy whether a policy owns it: then {@link #close} does nothing and the policy calls
   *     {@link #release}
   */
  DjlModel(DjlPolicyBuilder settings, boolean ofPolicy) {
    this.ofPolicy = ofPolicy;
    source = settings.folder;
    open = new Openness("the model of " + source);
    try (CheckpointFolder folder = CheckpointFolder.open(source)) {
      SavedModel saved = SavedModel.of(folder);
      config = saved.config();
      warnings = saved.warnings();
      stored =
          ImmutableMap.copyOf(
              Maps.transformValues(saved.tensors(), it -> StoredTensor.of(folder, it)));
      settings.checkTrainable(folder, ofPolicy);
      Device device = PyTorch.device(settings.device); // may choose another PyTorch
      Engine engine = PyTorch.start();
      if (settings.threads > 0) {
        PyTorch.useThreads(settings.threads);
      }
      Architecture base = saved.architecture();
      maxLength = base.maxLength();
      Kernels kernels =
          Kernels.on(engine, device, settings.precision.on(device.isGpu()).products(), base.spec());
      NDManager manager = engine.newBaseManager(device);
      fingerprint = Fingerprint.of(settings, engine, device, config);
      ImmutableList<Parameter> whole;
      try {
        // First, since an invalid adapter should not have to wait for the weights.
        Optional<LoadedAdapter> adapter = settings.adapter(base, manager, kernels);
        whole = adapter.map(LoadedAdapter::whole).orElse(ImmutableList.of());
        BasePrecision precision = settings.basePrecision(ofPolicy);
        Parameters read = LoadedAdapter.base(adapter, folder, saved, precision, manager, kernels);
        if (settings.mergedAdapter != null) {
          try (AdapterFolder merged = AdapterFolder.open(settings.mergedAdapter, base)) {
            read.add(merged, kernels);
          }
        }
        adapterConfig = adapter.map(LoadedAdapter::config);
        adapted = adapter.map(LoadedAdapter::modules).orElse(ImmutableList.of());
        weights = adapter.map(it -> read.plus(it.values())).orElse(read);
      } catch (RuntimeException e) {
        manager.close();
        throw e;
      }
      Architecture architecture = base.with(LoadedAdapter.parameters(adapted), whole);
      decoder = Decoder.of(architecture, manager, kernels, settings.headRows);
    }
  }

  private DjlModel(
      DjlModel same,
      Path source,
      ImmutableList<String> warnings,
      int maxLength,
      Parameters weights) {
    this.source = source;
    this.warnings = warnings;
    this.maxLength = maxLength;
    this.weights = weights;
    open = same.open;
    config = same.config;
    stored = same.stored;
    fingerprint = same.fingerprint;
    decoder = same.decoder;
    adapterConfig = same.adapterConfig;
    adapted = same.adapted;
    ofPolicy = true;
  }

  /**
   * Loads a checkpoint folder on the CPU.
   *
   * @throws io.github.tralign.InvalidInputException if the folder has no model of a supported
   *     architecture, or a file is missing or invalid
   */
  public static DjlModel load(Path folder) {
    return DjlPolicy.from(folder).loadModel();
  }

  /** A model with the same decoder but other weights; it is closed with this one. */
  DjlModel with(Parameters others) {
    return new DjlModel(this, source, ImmutableList.of(), maxLength, others);
  }

  /**
   * A model with the same decoder and the weights of another folder, or empty if that folder's
   * model has a different architecture.
   *
   * @param precision the type of its matrices in memory
   */
  Optional<DjlModel> with(Path folder, BasePrecision precision) {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      SavedModel other = SavedModel.of(checkpoint);
      return decoder.architecture().computesAs(other.architecture())
          ? Optional.of(
              new DjlModel(
                  this,
                  folder,
                  other.warnings(),
                  other.architecture().maxLength(),
                  Parameters.load(
                      checkpoint,
                      other,
                      other.architecture().parameters(),
                      it -> precision,
                      decoder.manager(),
                      decoder.kernels())))
          : Optional.empty();
    }
  }

  @Override
  public int vocabularySize() {
    open.require();
    return decoder.architecture().vocabularySize();
  }

  @Override
  public int maxLength() {
    open.require();
    return maxLength;
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
    return score(
        batch,
        statistics,
        scope -> {
          throw new IllegalStateException(
              "the divergence requires a reference, which only a policy has");
        });
  }

  /**
   * Scores a batch, with a reference for the divergence.
   *
   * @param reference computes the reference's input to its head; called only if a statistic
   *     requires it
   */
  TokenLogProbs score(
      PreferenceBatch batch,
      Set<TokenStatistic> statistics,
      Function<NDManager, HeadInput> reference) {
    requireNonNull(batch, "batch");
    requireNonNull(statistics, "statistics");
    return inScope(
        scope -> {
          Decoder.Inputs inputs = decoder.inputs(batch, scope);
          HeadInput input = decoder.forward(inputs, tensors());
          return new TokenLogProbs(
              batch,
              decoder.head().logProbs(input, inputs.targets()),
              decoder.statistics().of(input, () -> reference.apply(scope), statistics));
        });
  }

  /**
   * {@inheritDoc} The cache needs memory for the keys and values of its tokens, in fp32, as they
   * are generated.
   */
  @Override
  public DecodingSession decode(long cacheTokens) {
    open.require();
    return new CachedDecoding(this, cacheTokens);
  }

  /** Computes the input to the head for a batch. */
  HeadInput headInput(PreferenceBatch batch, NDManager scope) {
    return decoder.forward(decoder.inputs(batch, scope), tensors());
  }

  /** Runs {@code pass} and releases the arrays it created when it returns. */
  <T> T inScope(Function<NDManager, T> pass) {
    return open.call(
        () -> {
          try (NDManager scope = decoder.manager().newSubManager()) {
            return pass.apply(scope);
          }
        });
  }

  /** The names of the parameters; with an adapter, of its own and of those that it replaces. */
  @Override
  public List<String> parameters() {
    open.require();
    return decoder.architecture().trainable().stream().map(Parameter::name).sorted().toList();
  }

  /**
   * {@inheritDoc} With an adapter, the matrices that it changes, W + scaling · B·A, and what it
   * replaces.
   */
  @Override
  public List<String> weights() {
    open.require();
    return adapted.isEmpty() ? parameters() : readable().changed();
  }

  @Override
  public double[] values(String parameter) {
    return open.call(() -> readable().effective(parameter, ArrayValues::all));
  }

  @Override
  public void forEachValue(String parameter, DoubleConsumer consumer) {
    requireNonNull(consumer, "consumer");
    open.run(() -> readable().effective(parameter, it -> it.forEach(consumer)));
  }

  private WeightValues readable() {
    return new WeightValues(tensors(), adapted, decoder);
  }

  @Override
  public Optional<String> fingerprint() {
    return open.call(
        () ->
            Optional.of(
                fingerprint.of(
                    ImmutableList.sortedCopyOf(tensors().arrays().keySet()),
                    (name, to) -> readable().stored(name, it -> it.forEach(to)))));
  }

  @Override
  public void close() {
    if (!ofPolicy) {
      release();
    }
  }

  /** Closes the decoder and all weights used with it. */
  void release() {
    open.close(decoder.manager()::close);
  }

  /** Makes every later use of a reference an error. */
  void markReplaced() {
    replaced = true;
  }

  /** Continues with other weights. */
  void use(Parameters others) {
    weights = others;
    changed();
  }

  /** States that values of the weights have changed. */
  void changed() {
    changes++;
  }

  /** How often the weights have changed. */
  int changes() {
    return changes;
  }

  /** The matrices that an adapter changes; empty without one. */
  ImmutableList<AdapterModule> adapted() {
    return adapted;
  }

  /** The settings of the adapter, if there is one. */
  Optional<ObjectNode> adapterConfig() {
    return adapterConfig;
  }

  /** States that this model has the weights of another now, not those of its folder. */
  void isCopyOf(DjlModel other) {
    source = other.source;
  }

  /** The folder this model was loaded from. */
  public Path source() {
    return source;
  }

  /**
   * How conflicts between the config and the weights were resolved, one message each; empty if
   * there were none.
   */
  public ImmutableList<String> warnings() {
    return warnings;
  }

  /** The device that the weights are on. */
  public Device device() {
    return decoder.manager().getDevice();
  }

  /**
   * The number of values in all weights of the model, without those of an adapter; tied parameters
   * are counted once.
   */
  public long parameterCount() {
    return decoder.architecture().parameters().stream().mapToLong(Parameter::size).sum();
  }

  /** The number of values of each of the {@link #parameters}, by name. */
  public ImmutableMap<String, Long> parameterSizes() {
    return decoder.architecture().trainable().stream()
        .collect(toImmutableMap(Parameter::name, Parameter::size));
  }

  /** The number of operations in this model's matrix products. */
  public MatrixWork matrixWork() {
    return MatrixWork.of(decoder.architecture());
  }

  Openness open() {
    return open;
  }

  ConfigJson config() {
    return config;
  }

  /** Sources of the weights for writing a checkpoint, by the names that were read. */
  Map<String, TensorSource> sources(SaveDtype dtype) {
    Map<String, TensorSource> sources = new TreeMap<>();
    tensors()
        .sources(decoder.manager(), decoder.kernels())
        .forEach(
            (name, source) -> {
              StoredTensor read = requireNonNull(stored.get(name));
              sources.put(read.name(), source.as(dtype.of(read.dtype())));
            });
    return sources;
  }

  /** The file in the folder of each tensor, by the names that were read. */
  ImmutableMap<String, String> files() {
    return stored.values().stream().collect(toImmutableMap(StoredTensor::name, StoredTensor::file));
  }

  Decoder decoder() {
    return decoder;
  }

  Parameters tensors() {
    if (replaced) {
      throw new IllegalStateException(
          "this reference was replaced or removed; call reference() for the current one");
    }
    return weights;
  }

  /** The names of the transformers classes that can be loaded, such as {@code LlamaForCausalLM}. */
  public static ImmutableList<String> supportedArchitectures() {
    return Architecture.SUPPORTED;
  }
}
