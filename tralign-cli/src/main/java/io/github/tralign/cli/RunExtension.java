package io.github.tralign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;

/** What is left to do with a complete run: whether more steps can be added to it. */
final class RunExtension {

  private static final Set<String> DEPEND_ON_LENGTH = Set.of("linear", "cosine");

  private RunExtension() {}

  /**
   * The advice that completes "the run is complete".
   *
   * @param config the run's settings
   */
  static String advice(JsonNode config, CheckpointStore checkpoints) {
    String newRun =
        config.has("lora-rank") || config.has("adapter")
            ? "start a new run with its adapter/ as --adapter"
            : "start a new run with its model/ as --policy";
    if (checkpoints.steps().isEmpty()) {
      return " and has no checkpoint to resume from; "
          + newRun
          + ", or one with --checkpoint-every no greater than its number of steps";
    }
    if (DEPEND_ON_LENGTH.contains(config.path("schedule").asText()) || config.has("warmup-ratio")) {
      return " and cannot be extended, since the learning rates of its steps depend on their number; "
          + newRun;
    }
    return isInsideWindow(checkpoints)
        ? "; a greater --epochs or --max-steps extends it only if all rows of the new steps were"
            + " scored under its "
            + config.path("reference").asText()
            + " reference already, whose weights are not in the checkpoint; otherwise "
            + newRun
        : "; a greater --epochs or --max-steps extends it";
  }

  /** Whether the newest checkpoint has scores of a reference in place of its weights. */
  private static boolean isInsideWindow(CheckpointStore checkpoints) {
    long step = checkpoints.steps().last();
    try {
      String state = Files.readString(checkpoints.whole(step).path().resolve("run.json"));
      return new ObjectMapper().readTree(state).at("/window/end").asLong() > step;
    } catch (IOException | RuntimeException e) {
      return false; // resuming will report a damaged checkpoint
    }
  }
}
