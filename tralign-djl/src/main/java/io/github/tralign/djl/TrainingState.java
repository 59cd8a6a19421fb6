package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import io.github.tralign.djl.huggingface.SafetensorsWriter;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.optimizer.OptimizerStep;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What training adds to a model's weights: which of them are trained, their gradients, and the
 * optimizer with its moments. Gradients and optimizer are made when they are first needed.
 */
final class TrainingState {

  private final DjlPolicyBuilder settings;
  private final DjlModel model;
  private final Decoder decoder;
  private TrainedParameters trained;
  private @Nullable Parameters gradients;
  private @Nullable Optimizer optimizer;

  /** Of a model all of whose parameters are trained. */
  TrainingState(DjlPolicyBuilder settings, DjlModel model) {
    this.settings = settings;
    this.model = model;
    decoder = model.decoder();
    trained = TrainedParameters.of(decoder.architecture(), name -> true);
  }

  /** What is trained: all weights, or an adapter. */
  Parameters trainable() {
    return model.tensors().only(decoder.architecture().trainable());
  }

  /** The parameters that gradients are computed for. */
  TrainedParameters trained() {
    return trained;
  }

  /** Drops all gradients, since other parameters have some from now on. */
  void trainOnly(Set<String> parameters) {
    trained = TrainedParameters.of(decoder.architecture(), parameters::contains);
    if (gradients != null) {
      gradients.close();
      gradients = null;
    }
  }

  /** The gradients accumulated since the last step. */
  Parameters gradients() {
    settings.requireTrainable();
    if (gradients == null) {
      gradients = Parameters.zeros(trained.all(), decoder.manager());
    }
    return gradients;
  }

  void discardGradients() {
    if (gradients != null) {
      gradients.zero(kernels());
    }
  }

  /**
   * Changes the weights by the gradients.
   *
   * @return the norm of the gradients
   */
  double step(OptimizerStep step) {
    if (optimizer == null) {
      optimizer = newOptimizer();
    }
    double norm = optimizer.step(step, model.tensors(), gradients(), kernels());
    model.changed();
    return norm;
  }

  /** Null before the first step. */
  @Nullable Optimizer optimizer() {
    return optimizer;
  }

  /** Reads the moments for the process that writes them all. */
  void contributeMoments() {
    if (optimizer != null && optimizer.isSharded()) {
      SafetensorsWriter.readOnly(optimizer.sources(kernels()));
    }
  }

  /** Continues with the weights and moments that were saved. */
  void restore(StateFolder.Content state) {
    state.fillWeights(trainable());
    model.changed();
    if (optimizer != null) {
      optimizer.close();
    }
    optimizer = state.optimizer(this::newOptimizer);
  }

  /** The number of values of AdamW's two moments that this process has. */
  long momentValues() {
    return optimizer == null
        ? 0
        : Stream.of(optimizer.firstMoment(), optimizer.secondMoment())
            .flatMap(it -> it.all().stream())
            .mapToLong(NDArray::size)
            .sum();
  }

  private Optimizer newOptimizer() {
    return new Optimizer(
        decoder.architecture(), decoder.manager(), settings.group, settings.shardMoments);
  }

  private Kernels kernels() {
    return decoder.kernels();
  }
}
