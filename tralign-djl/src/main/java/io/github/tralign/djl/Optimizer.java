package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.policy.AdamW;
import io.github.tralign.policy.OptimizerStep;
import java.util.ArrayList;
import java.util.List;

/** AdamW's moments for each parameter, and its step. They take memory from the first step on. */
final class Optimizer {

  private final Parameters firstMoment;
  private final Parameters secondMoment;
  private final List<NDArray> steps = new ArrayList<>(); // one count a parameter, as PyTorch's

  /** Moments of zero, counting from a number of steps. */
  Optimizer(Architecture architecture, NDManager manager, float stepsDone) {
    firstMoment = Parameters.zeros(architecture, manager);
    secondMoment = Parameters.zeros(architecture, manager);
    for (int i = 0; i < firstMoment.all().size(); i++) {
      steps.add(manager.create(stepsDone));
    }
  }

  Parameters firstMoment() {
    return firstMoment;
  }

  Parameters secondMoment() {
    return secondMoment;
  }

  /** Steps done: the same count for all parameters. */
  float steps() {
    return steps.get(0).getFloat();
  }

  void close() {
    firstMoment.close();
    secondMoment.close();
    steps.forEach(NDArray::close);
  }

  /** Clips, updates the parameters, zeroes the gradients; gives the norm before clipping. */
  double step(
      OptimizerStep step,
      List<NDArray> parameters,
      List<NDArray> gradients,
      NDManager scope,
      Kernels kernels) {
    AdamW adamW = step.adamW();
    NDArray settings =
        scope.create(
            new double[] {
              step.learningRate(),
              adamW.beta1(),
              adamW.beta2(),
              adamW.weightDecay(),
              adamW.epsilon(),
              step.maxGradNorm()
            });
    return kernels
        .call(
            "adamw", settings, parameters, gradients, firstMoment.all(), secondMoment.all(), steps)
        .getFloat();
  }
}
