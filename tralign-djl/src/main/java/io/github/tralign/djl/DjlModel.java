package io.github.tralign.djl;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Openness;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A Hugging Face checkpoint as a language model that scores, on DJL and PyTorch. It needs memory
 * for the weights alone. {@link DjlPolicy} is one that can be trained.
 *
 * <pre>{@code
 * try (DjlModel model = DjlModel.load(Path.of("pythia-70m"))) { … }
 * }</pre>
 *
 * <p>Whoever loads a model closes it. A model that is closed rejects every call with an {@link
 * IllegalStateException}; {@link #close} from another thread waits for the call that is running.
 *
 * <p>Weights are fp32, whatever the checkpoint's type, and so is the computation unless {@link
 * DjlPolicyBuilder#precision} says otherwise. A batch is computed packed: one axis of tokens
 * without padding, each prompt once, the head on completion tokens only and in chunks of rows.
 */
public final class DjlModel implements LanguageModel {

  private final Openness open;
  private final Path source;
  private final ConfigJson config;
  private final ImmutableList<String> warnings;
  private final Fingerprint fingerprint;
  private final Decoder decoder;
  private final Parameters weights;
  private final boolean ofPolicy;

  /**
   * Loads a model.
   *
   * @param ofPolicy whether it is a policy's, which {@link #release} closes and nobody else
   */
  DjlModel(DjlPolicyBuilder settings, boolean ofPolicy) {
    this.ofPolicy = ofPolicy;
    source = settings.folder;
    open = new Openness("the model of " + source);
    try (CheckpointFolder folder = CheckpointFolder.open(source)) {
      SavedModel saved = SavedModel.of(folder);
      config = saved.config();
      warnings = saved.warnings();
      Engine engine = PyTorch.start();
      if (settings.threads > 0) {
        PyTorch.useThreads(settings.threads);
      }
      Device device = PyTorch.device(settings.device);
      Architecture architecture = saved.architecture();
      Kernels kernels =
          Kernels.on(
              engine,
              device,
              settings.precision.on(device.isGpu()).products(),
              architecture.spec());
      NDManager manager = engine.newBaseManager(device);
      fingerprint = Fingerprint.of(settings, engine, device, config);
      try {
        weights = Parameters.load(folder, saved, manager, kernels);
      } catch (RuntimeException e) {
        manager.close();
        throw e;
      }
      decoder = Decoder.of(architecture, manager, kernels, settings.headRows);
    }
  }

  private DjlModel(DjlModel same, Path source, ImmutableList<String> warnings, Parameters weights) {
    this.source = source;
    this.warnings = warnings;
    this.weights = weights;
    open = same.open;
    config = same.config;
    fingerprint = same.fingerprint;
    decoder = same.decoder;
    ofPolicy = true;
  }

  /**
   * Loads a checkpoint folder on the CPU.
   *
   * @throws io.github.tralign.InvalidInputException if the folder holds no model that can be read
   */
  public static DjlModel load(Path folder) {
    return DjlPolicy.from(folder).loadModel();
  }

  /** A model of the same shape and on the same device, which is closed with this one. */
  DjlModel with(Parameters others) {
    return new DjlModel(this, source, ImmutableList.of(), others);
  }

  /** The same with the weights of another folder, or empty if its model has another shape. */
  Optional<DjlModel> with(Path folder) {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      SavedModel other = SavedModel.of(checkpoint);
      return decoder.architecture().computesAs(other.architecture())
          ? Optional.of(
              new DjlModel(
                  this,
                  folder,
                  other.warnings(),
                  Parameters.load(checkpoint, other, decoder.manager(), decoder.kernels())))
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
    return decoder.architecture().maxLength();
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
    return score(
        batch,
        statistics,
        scope -> {
          throw new IllegalStateException(
              "the divergence needs a reference; only a policy can have one");
        });
  }

  /**
   * Scores with a reference.
   *
   * @param reference gives its input to the head; called only where a statistic needs it
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
          HeadInput input = decoder.forward(inputs, weights);
          return new TokenLogProbs(
              batch,
              decoder.head().logProbs(input, inputs.targets()),
              decoder.statistics().of(input, () -> reference.apply(scope), statistics));
        });
  }

  /** A batch's input to the head. */
  HeadInput headInput(PreferenceBatch batch, NDManager scope) {
    return decoder.forward(decoder.inputs(batch, scope), weights);
  }

  /** Runs a pass whose arrays are released when it returns. */
  <T> T inScope(Function<NDManager, T> pass) {
    return open.call(
        () -> {
          try (NDManager scope = decoder.manager().newSubManager()) {
            return pass.apply(scope);
          }
        });
  }

  @Override
  public List<String> parameters() {
    open.require();
    return decoder.architecture().parameters().stream().map(Parameter::name).sorted().toList();
  }

  @Override
  public double[] values(String parameter) {
    return open.call(() -> weights.values(parameter, decoder.manager(), decoder.kernels()));
  }

  @Override
  public Optional<String> fingerprint() {
    return Optional.of(fingerprint.of(parameters(), this::values));
  }

  @Override
  public void close() {
    if (!ofPolicy) {
      release();
    }
  }

  /** Closes the decoder with all weights that are used with it. */
  void release() {
    open.close(decoder.manager()::close);
  }

  /** The folder that this model was loaded from. */
  public Path source() {
    return source;
  }

  /** Where the config did not fit the weights beside it, and what was made of it. */
  public ImmutableList<String> warnings() {
    return warnings;
  }

  /** The device that the weights are on. */
  public Device device() {
    return decoder.manager().getDevice();
  }

  /** All values of all parameters, a tied one once: the size of the model. */
  public long parameterCount() {
    return decoder.architecture().parameters().stream().mapToLong(Parameter::size).sum();
  }

  /** How many values each parameter has, by name. */
  public ImmutableMap<String, Long> parameterSizes() {
    return decoder.architecture().parameters().stream()
        .collect(toImmutableMap(Parameter::name, Parameter::size));
  }

  /** How much work this model's matrix products are. */
  public MatrixWork matrixWork() {
    return MatrixWork.of(decoder.architecture());
  }

  Openness open() {
    return open;
  }

  ConfigJson config() {
    return config;
  }

  Decoder decoder() {
    return decoder;
  }

  Parameters weights() {
    return weights;
  }
}
