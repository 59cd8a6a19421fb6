package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.Rounding;
import io.github.tralign.djl.SaveDtype;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Saves the weights that a run has learned. */
final class SavedWeights {

  private final DjlPolicy policy;
  private final SaveDtype dtype;
  private final boolean adapter;
  private final RunCard card;
  private final Console console;

  /**
   * Nothing saved yet.
   *
   * @param dtype the type of saved weights that was asked for
   * @param adapter whether they are those of an adapter
   */
  SavedWeights(DjlPolicy policy, SaveDtype dtype, boolean adapter, RunCard card, Console console) {
    this.policy = policy;
    this.dtype = dtype;
    this.adapter = adapter;
    this.card = card;
    this.console = console;
  }

  /**
   * Saves the last weights with their card, and gives what rounding them has lost.
   *
   * @param last the metrics of the last step
   */
  Rounding saveIn(Path folder, StepMetrics last) {
    Rounding rounding = rounding(save(folder));
    card.write(folder, adapter, last, console);
    return rounding;
  }

  /**
   * In fp32 if a weight is too large for the type that was asked for: nothing trained is lost.
   *
   * @return the type in which it is saved
   */
  private SaveDtype save(Path saved) {
    try {
      policy.save(saved, dtype);
      return dtype;
    } catch (InvalidInputException e) {
      if (dtype == SaveDtype.FP32) {
        throw e;
      }
      policy.save(saved, SaveDtype.FP32); // another fault occurs again
      console.warn(
          saved
              + " is saved in fp32, not as "
              + RunOptions.SAVE_DTYPE
              + " says: "
              + e.getMessage());
      return SaveDtype.FP32;
    }
  }

  private Rounding rounding(SaveDtype saved) {
    try {
      return policy.rounding(saved);
    } catch (InvalidInputException e) { // the model's folder has changed since
      console.warn("what rounding has lost is not known: " + e.getMessage());
      return new Rounding("", 0, 0);
    }
  }

  /** What {@code summary.json} says of it. */
  static Map<String, Object> summary(Rounding rounding, int processes) {
    Map<String, Object> summary = new LinkedHashMap<>();
    if (processes > 1) {
      summary.put("processes", processes);
    }
    if (rounding.changed() > 0) {
      summary.put(
          "rounding",
          ImmutableMap.of(
              "types", rounding.types(),
              "changed_weights", rounding.changed(),
              "rounded_back", rounding.undone()));
    }
    return summary;
  }

  /** Beside the last weights. If they cannot be restored, the run is complete all the same. */
  void saveBest(Trainer trainer, TrainingResult result, RunFolder folder) {
    try {
      long step =
          result
              .best()
              .orElseThrow(() -> new InvalidInputException("no evaluation gave a number"))
              .step();
      if (step != result.last().step()) {
        trainer.restore(CheckpointStore.in(folder.checkpoints()).whole(step));
      }
      save(folder.best());
      StepMetrics metrics =
          result.metrics().stream()
              .filter(it -> it.step() == step)
              .findFirst()
              .orElse(result.last());
      card.write(folder.best(), adapter, metrics, console);
    } catch (InvalidInputException e) {
      console.warn(folder.best() + " is not written: " + e.getMessage());
    }
  }
}
