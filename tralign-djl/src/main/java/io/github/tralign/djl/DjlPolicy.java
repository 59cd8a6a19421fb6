package io.github.tralign.djl;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.djl.DecoderLayers.Keep;
import io.github.tralign.djl.huggingface.CheckpointWriter;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Objective;
import io.github.tralign.policy.Openness;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * A policy loaded from a Hugging Face checkpoint, computed by PyTorch through DJL: a {@link
 * DjlModel} that can be trained.
 *
 * <pre>{@code
 * try (DjlPolicy policy = DjlPolicy.load(Path.of("pythia-70m"))) { … }
 * }</pre>
 *
 * <p>The caller closes the policy; a trainer does not. After that, every call throws an {@link
 * IllegalStateException}; {@link #close} waits for a call that is running in another thread.
 *
 * <p>Weights, reference and optimizer moments are fp32. Gradients and moments are allocated in the
 * first training step; a policy that only scores needs memory for its weights only.
 */
public final class DjlPolicy implements Policy {

  private final DjlPolicyBuilder settings;
  private final DjlModel model;
  private final Openness open;
  private final Decoder decoder;
  private final Keep keep;
  private final PolicyReference reference;
  private final TrainingState training;

  DjlPolicy(DjlPolicyBuilder settings) {
    this.settings = settings;
    model = new DjlModel(settings, true);
    open = model.open();
    decoder = model.decoder();
    reference =
        model.adapted().isEmpty()
            ? new WeightsReference(model)
            : new AdapterReference(model, model.adapted(), settings.averageFactors);
    keep = settings.recompute ? Keep.INPUTS : Keep.ALL;
    training = new TrainingState(settings, model);
  }

  /**
   * Loads a checkpoint folder on the CPU.
   *
   * @throws io.github.tralign.InvalidInputException if the folder has no model of a supported
   *     architecture, or a file is missing or invalid
   */
  public static DjlPolicy load(Path folder) {
    return from(folder).load();
  }

  /** A builder that loads {@code folder} with other than the default settings. */
  public static DjlPolicyBuilder from(Path folder) {
    return new DjlPolicyBuilder(folder);
  }

  /** The model that is trained: it has the policy's present weights, and is closed with it. */
  public DjlModel model() {
    return model;
  }

  @Override
  public int vocabularySize() {
    return model.vocabularySize();
  }

  @Override
  public int maxLength() {
    return model.maxLength();
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Set<TokenStatistic> statistics) {
    return model.score(batch, statistics, scope -> reference.required().headInput(batch, scope));
  }

  @Override
  public DecodingSession decode(long cacheTokens) {
    return model.decode(cacheTokens);
  }

  @Override
  public void accumulate(PreferenceBatch batch, Set<TokenStatistic> asked, Objective objective) {
    requireNonNull(batch, "batch");
    requireNonNull(asked, "asked");
    requireNonNull(objective, "objective");
    Architecture architecture = decoder.architecture();
    Parameters weights = model.tensors();
    model.inScope(
        scope -> {
          TrainedParameters trained = training.trained();
          Parameters gradients = training.gradients();
          Decoder.Inputs inputs = decoder.inputs(batch, scope);
          DecoderLayers.Forward inner =
              decoder
                  .body()
                  .forward(decoder.embed(inputs, weights), inputs.packed(), weights, keep, trained);
          HeadInput policy = decoder.headInput(inner, weights);
          Supplier<HeadInput> ofReference =
              Suppliers.memoize(() -> reference.required().headInput(batch, scope));
          Head.Forward outer = decoder.head().forward(policy, inputs.targets());
          TokenGradient slope =
              new TokenLogProbs(
                      batch, outer.logProbs(), decoder.statistics().of(policy, ofReference, asked))
                  .gradientOf(objective);
          List<NDArray> headGradient =
              gradients.find(architecture.weights().head()).stream().toList();
          NDArray back =
              slope.divergence().length == 0
                  ? decoder
                      .head()
                      .gradient(outer, policy, inputs.targets(), slope.logProbs(), headGradient)
                  : decoder
                      .statistics()
                      .gradient(
                          policy, ofReference.get(), inputs.targets(), slope, headGradient, scope);
          NDArray first =
              decoder
                  .body()
                  .backward(inner, back, inputs.packed(), weights, gradients, trained.embedding());
          if (trained.embedding()) {
            decoder.body().embedGradient(inputs.ids(), inputs.packed(), first, gradients);
          }
          return true;
        });
  }

  @Override
  public double step(OptimizerStep step) {
    requireNonNull(step, "step");
    return open.call(() -> training.step(step));
  }

  /** The group of {@link DjlPolicyBuilder#processGroup}, or this process alone. */
  @Override
  public ProcessGroup processGroup() {
    return settings.group == null ? ProcessGroup.single() : settings.group;
  }

  @Override
  public void trainOnly(Set<String> parameters) {
    requireNonNull(parameters, "parameters");
    open.run(() -> training.trainOnly(parameters));
  }

  @Override
  public void discardGradients() {
    open.run(training::discardGradients);
  }

  @Override
  public void copyToReference() {
    open.run(reference::copyPolicy);
  }

  /**
   * Loads the model of a checkpoint folder as the reference, with this policy's device, threads and
   * precision. Its architecture may differ from the policy's; then it cannot be updated, see {@link
   * #mixReference}. If the vocabularies differ in size, the divergence is over the ids that both
   * models have.
   *
   * @throws io.github.tralign.InvalidInputException if the folder has no model of a supported
   *     architecture, or a file is missing or invalid
   */
  public void loadReference(Path folder) {
    requireNonNull(folder, "folder");
    open.run(() -> reference.load(folder, settings));
  }

  @Override
  public boolean hasReference() {
    open.require();
    return reference.find().isPresent();
  }

  @Override
  public LanguageModel reference() {
    open.require();
    return reference.required();
  }

  @Override
  public void mixReference(double weight) {
    open.run(
        () -> {
          settings.requireTrainable();
          reference.mix(weight);
        });
  }

  /** Computed on the device of the weights, one tensor at a time. */
  @Override
  public double referenceDistance() {
    return open.call(reference::distance);
  }

  /**
   * A bound of how far the weights of the reference are from those that exact updates would have
   * given: the Euclidean norm of the difference, relative to that of what the policy's adapter adds
   * to its weights. Rounding is not included. It is 0 without an adapter, and as long as no mix has
   * cut the rank of the reference.
   */
  public double referenceError() {
    return open.call(reference::relativeError);
  }

  @Override
  public List<String> parameters() {
    return model.parameters();
  }

  @Override
  public List<String> weights() {
    return model.weights();
  }

  @Override
  public double[] values(String parameter) {
    return model.values(parameter);
  }

  @Override
  public void forEachValue(String parameter, DoubleConsumer consumer) {
    model.forEachValue(parameter, consumer);
  }

  @Override
  public Optional<String> fingerprint() {
    return model.fingerprint();
  }

  @Override
  public String computation() {
    return Fingerprint.version();
  }

  /**
   * Writes a Hugging Face checkpoint folder in the form that was read: the config, the tokenizer
   * files, and the names, files and types of tensors are those of the folder this policy was loaded
   * from, unless {@link DjlPolicyBuilder#saveDtype} sets another type. The same weights give the
   * same bytes. An existing checkpoint in {@code folder} is replaced, apart from its {@code
   * README.md}; the folders that the policy and its reference were loaded from only if {@link
   * DjlPolicyBuilder#replace} was set.
   *
   * @throws io.github.tralign.InvalidInputException if {@code folder} is a file, is a non-empty
   *     folder without a checkpoint, or may not be replaced, or a weight is too large for the type
   */
  @Override
  public void save(Path folder) {
    save(folder, settings.saveDtype);
  }

  /**
   * As {@link #save(Path)}, with another type than {@link DjlPolicyBuilder#saveDtype} says.
   * Adapters are saved in fp32, whatever the type.
   *
   * @throws io.github.tralign.InvalidInputException as {@link #save(Path)} does
   */
  public void save(Path folder, SaveDtype dtype) {
    requireNonNull(folder, "folder");
    requireNonNull(dtype, "dtype");
    open.run(() -> write(folder, dtype));
  }

  /**
   * Counts the weights whose change since they were read is lost if they are saved in a type: none
   * in fp32, nor with an adapter. Reads the folder that the policy was loaded from, part by part.
   *
   * @throws io.github.tralign.InvalidInputException if that folder has no such model any more
   */
  public Rounding rounding(SaveDtype dtype) {
    requireNonNull(dtype, "dtype");
    return open.call(() -> Rounding.of(model, dtype));
  }

  private void write(Path folder, SaveDtype dtype) {
    CheckpointWriter writer =
        CheckpointWriter.to(folder)
            .copyFilesFrom(model.source())
            .filesOf(model.files())
            .replace(true);
    if (!settings.replace) {
      writer.keep(model.source());
      reference.find().map(DjlModel::source).ifPresent(writer::keep);
    }
    if (model.adapterConfig().isPresent()) {
      writer.writeAdapter(model.adapterConfig().orElseThrow(), LoadedAdapter.sources(model));
    } else {
      writer.write(model.config().json(), model.sources(dtype));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the reference has a different architecture than the policy
   */
  @Override
  public void saveState(Path folder) {
    requireNonNull(folder, "folder");
    StateFolder state = new StateFolder(folder, decoder);
    open.run(
        () ->
            state.write(
                training.trainable(),
                reference.find().isPresent() ? reference.sources() : Map.of(),
                training.optimizer()));
  }

  @Override
  public void contributeState() {
    open.run(training::contributeMoments);
  }

  @Override
  public void loadState(Path folder) {
    requireNonNull(folder, "folder");
    StateFolder state = new StateFolder(folder, decoder);
    open.run(() -> state.read(reference::shapes, this::restore));
    discardGradients();
  }

  /** Restores a state that has been checked completely: no error leaves it half restored. */
  private void restore(StateFolder.Content state) {
    training.restore(state);
    state.reference().ifPresentOrElse(reference::fill, reference::remove);
  }

  @Override
  public void close() {
    model.release();
    reference.release();
  }

  /**
   * How conflicts between configs and weights, of the policy and its reference, were resolved, one
   * message each; empty if there were none.
   */
  public ImmutableList<String> warnings() {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    warnings.addAll(model.warnings());
    reference.find().map(DjlModel::warnings).ifPresent(warnings::addAll);
    return warnings.build();
  }

  /** A copy of the gradient accumulated for a parameter, row-major. */
  double[] gradient(String parameter) {
    return training.gradients().values(parameter, decoder.manager(), decoder.kernels()).all();
  }

  /** The number of values of AdamW's two moments that this process has. */
  long momentValues() {
    return training.momentValues();
  }

  /** The number of arrays that outlive a call, such as weights, gradients and moments. */
  int liveArrays() {
    return decoder.manager().getManagedArrays().size();
  }
}
