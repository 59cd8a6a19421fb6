package io.github.tralign.doctor;

import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngine;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.kernel.TorchChoice;
import io.github.tralign.quickstart.TrialStep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Whether a small model can be trained, which needs all native libraries. */
final class ComputationFacts {

  /** The loss of DPO's first step, when policy and reference are the same. */
  private static final double EXPECTED = Math.log(2);

  private ComputationFacts() {}

  static void addTo(Diagnosis diagnosis, String device) {
    diagnosis.section("Trial on " + device);
    try {
      double loss = TrialStep.loss(device);
      diagnosis.fact("PyTorch", Engine.getEngine(PtEngine.ENGINE_NAME).getVersion());
      diagnosis.fact("loaded from", TorchChoice.loadedFrom());
      diagnosis.fact("a training step", String.format(Locale.ROOT, "loss %.4f", loss));
      if (!(Math.abs(loss - EXPECTED) < 1e-3)) {
        diagnosis.problem(
            "the first step of a training has the loss " + loss + " instead of " + EXPECTED);
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      diagnosis.fact("a training step", "failed");
      diagnosis.problem("a small model cannot be trained: " + reason(e));
    }
  }

  /** The messages of a failure and its causes, down to one that tralign wrote: it says it all. */
  static String reason(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable e = failure; e != null; e = isWhole(e) ? null : e.getCause()) {
      String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      if (text.indexOf(message) < 0) { // some repeat that of their cause
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }

  private static boolean isWhole(Throwable e) {
    return e instanceof InvalidInputException || e instanceof UncheckedIOException;
  }
}
