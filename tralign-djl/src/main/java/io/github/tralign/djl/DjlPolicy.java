package io.github.tralign.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.checkpoint.CheckpointFolder;
import io.github.tralign.djl.checkpoint.CheckpointWriter;
import io.github.tralign.djl.checkpoint.ConfigJson;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.PackedBatch;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.ParameterShape;
import io.github.tralign.policy.Objective;
import io.github.tralign.policy.OptimizerStep;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import io.github.tralign.policy.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face checkpoint as a policy, on DJL and PyTorch.
 *
 * <pre>{@code
 * try (DjlPolicy policy = DjlPolicy.load(Path.of("pythia-70m"))) { … }
 * }</pre>
 *
 * <p>Weights, reference and optimizer moments are fp32, whatever the checkpoint's type. A batch is
 * computed packed: one axis of tokens without padding, each prompt once, the head on completion
 * tokens only and in chunks of rows. Gradients and moments take memory from the first training step
 * on; scoring alone needs the weights only.
 */
public final class DjlPolicy implements Policy {

  private final Path source;
  private final ConfigJson config;
  private final Architecture architecture;
  private final NDManager manager;
  private final Kernels kernels;
  private final Body body;
  private final Head head;
  private final Statistics statistics;
  private final Parameters weights;
  private @Nullable Parameters reference;
  private @Nullable Gradients gradients;
  private @Nullable Optimizer optimizer;

  DjlPolicy(DjlPolicyBuilder settings) {
    source = settings.folder;
    try (CheckpointFolder folder = CheckpointFolder.open(source)) {
      config = folder.config();
      architecture = Architecture.of(config);
      ai.djl.engine.Engine engine = Engine.start();
      if (settings.threads > 0) {
        Engine.useThreads(settings.threads);
      }
      Device device = Engine.device(settings.device);
      kernels = Kernels.on(engine, device);
      manager = engine.newBaseManager(device);
      try {
        weights = Parameters.load(folder, architecture, manager, kernels);
      } catch (RuntimeException e) {
        manager.close();
        throw e;
      }
    }
    body = new Body(architecture, kernels, manager);
    head = new Head(kernels, settings.headRows, architecture.vocabularySize(), manager);
    statistics = new Statistics(kernels, settings.headRows, architecture.vocabularySize(), manager);
  }

  /**
   * Loads a checkpoint folder on the CPU.
   *
   * @throws io.github.tralign.InvalidInputException if the folder holds no model that can be read
   */
  public static DjlPolicy load(Path folder) {
    return from(folder).load();
  }

  /** Settings for loading a checkpoint folder. */
  public static DjlPolicyBuilder from(Path folder) {
    return new DjlPolicyBuilder(folder);
  }

  @Override
  public int vocabularySize() {
    return architecture.vocabularySize();
  }

  @Override
  public int maxLength() {
    return architecture.maxLength();
  }

  @Override
  public TokenLogProbs score(PreferenceBatch batch, Weights which, Set<TokenStatistic> asked) {
    Parameters weights = weights(which);
    PackedBatch packed = PackedBatch.of(batch);
    try (NDManager scope = manager.newSubManager()) {
      return withGraph(
          false,
          () -> {
            NDArray ids = scope.create(packed.ids());
            NDArray targets = scope.create(packed.targets());
            Logits logits = logits(ids, packed, weights, scope);
            return new TokenLogProbs(
                batch,
                head.logProbs(logits.hidden(), logits.table(), targets),
                statistics.of(
                    logits, () -> logits(ids, packed, weights(Weights.REFERENCE), scope), asked));
          });
    }
  }

  @Override
  public void accumulate(PreferenceBatch batch, Set<TokenStatistic> asked, Objective objective) {
    Gradients gradients = gradients();
    PackedBatch packed = PackedBatch.of(batch);
    try (NDManager scope = manager.newSubManager()) {
      NDArray ids = scope.create(packed.ids());
      NDArray targets = scope.create(packed.targets());
      NDArray embedded = head.embed(ids, weights.get(architecture.embedding()));
      embedded.setRequiresGradient(true);
      NDArray hidden = withGraph(true, () -> body.forward(embedded, packed, weights, scope));
      Logits policy = new Logits(hidden, weights.get(architecture.head()));
      Supplier<Logits> reference =
          Suppliers.memoize(() -> logits(ids, packed, weights(Weights.REFERENCE), scope));
      withGraph(
          false,
          () -> {
            Head.Forward forward = head.forward(hidden, policy.table(), targets);
            TokenGradient slope =
                objective.gradient(
                    new TokenLogProbs(
                        batch, forward.logProbs(), statistics.of(policy, reference, asked)));
            NDArray headGradient = gradients.of(architecture.head());
            NDArray back =
                slope.divergence().length == 0
                    ? head.gradient(
                        forward, hidden, policy.table(), targets, slope.logProbs(), headGradient)
                    : statistics.gradient(
                        policy, reference.get(), targets, slope, headGradient, scope);
            JniUtils.backward((PtNDArray) hidden, (PtNDArray) back, false, false);
            head.embedGradient(ids, embedded, gradients.of(architecture.embedding()));
            return true;
          });
    }
  }

  /** A forward pass without a graph. */
  private Logits logits(NDArray ids, PackedBatch packed, Parameters weights, NDManager scope) {
    NDArray embedded = head.embed(ids, weights.get(architecture.embedding()));
    NDArray hidden = body.forward(embedded, packed, weights, scope);
    return new Logits(hidden, weights.get(architecture.head()));
  }

  @Override
  public double step(OptimizerStep step) {
    Gradients gradients = gradients();
    Optimizer adamW = optimizer;
    if (adamW == null) {
      adamW = new Optimizer(architecture, manager);
      optimizer = adamW;
    }
    Optimizer used = adamW;
    try (NDManager scope = manager.newSubManager()) {
      return withGraph(
          false, () -> used.step(step, weights.all(), gradients.all(), scope, kernels));
    }
  }

  @Override
  public void discardGradients() {
    if (gradients != null) {
      gradients.zero();
    }
  }

  @Override
  public void keepReference() {
    Parameters earlier = reference;
    reference = withGraph(false, weights::copy);
    if (earlier != null) {
      earlier.close();
    }
  }

  @Override
  public boolean hasReference() {
    return reference != null;
  }

  @Override
  public void mixReference(double weight) {
    List<NDArray> moved = weights(Weights.REFERENCE).all();
    if (!(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException(
          "the policy's weight must lie in [0, 1], not be " + weight);
    }
    try (NDManager scope = manager.newSubManager()) {
      withGraph(false, () -> kernels.call("mix", scope.create(weight), moved, weights.all()));
    }
  }

  @Override
  public List<String> parameters() {
    return architecture.parameters().stream().map(ParameterShape::name).sorted().toList();
  }

  @Override
  public double[] values(String parameter, Weights which) {
    return weights(which).values(parameter, manager, kernels);
  }

  /**
   * Writes a Hugging Face checkpoint folder in fp32, with the config and the tokenizer's files of
   * the folder that this policy was loaded from. The same weights give the same bytes.
   *
   * @throws io.github.tralign.InvalidInputException if {@code folder} is a file, or a folder with
   *     anything but a checkpoint in it
   */
  @Override
  public void save(Path folder) {
    CheckpointWriter.to(folder)
        .copyFilesFrom(source)
        .replace(true)
        .write(config.json(), weights.sources(manager, kernels));
  }

  @Override
  public void close() {
    manager.close();
  }

  /** The folder that this policy was loaded from. */
  public Path source() {
    return source;
  }

  /** All values of all parameters, a tied one once: the size of the model. */
  public long parameterCount() {
    return architecture.parameters().stream().mapToLong(ParameterShape::size).sum();
  }

  /** Arrays that outlive a call: weights, reference, gradients, moments and tables. */
  int liveArrays() {
    return manager.getManagedArrays().size();
  }

  private Parameters weights(Weights which) {
    if (which == Weights.POLICY) {
      return weights;
    }
    if (reference == null) {
      throw new IllegalStateException("no reference is kept; call keepReference first");
    }
    return reference;
  }

  private Gradients gradients() {
    Gradients existing = gradients;
    if (existing == null) {
      existing = withGraph(true, () -> new Gradients(architecture, weights, manager, kernels));
      gradients = existing;
    }
    return existing;
  }

  /** Runs with autograd on or off on this thread, and puts it back as it was. */
  private static <T> T withGraph(boolean graph, Supplier<T> work) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(graph);
    try {
      return work.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /** The names of the model classes that can be loaded. */
  public static ImmutableList<String> supportedArchitectures() {
    return Architecture.SUPPORTED;
  }
}
