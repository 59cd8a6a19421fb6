package io.github.tralign.train;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Which checkpoints are written, and which one the run is resumed from.
 *
 * @param store where they go
 * @param every steps from one to the next; 0 for none
 * @param keepLast how many of the newest are kept
 * @param keepBest whether that of the best evaluation is written and kept too
 * @param resumed what the run is resumed from
 * @param resumeAnyway whether to resume with changed settings too
 * @param provenance what else must be the same to resume, by name
 */
@Value.Builder
record CheckpointSettings(
    Optional<CheckpointStore> store,
    long every,
    int keepLast,
    boolean keepBest,
    Optional<Checkpoint> resumed,
    boolean resumeAnyway,
    ImmutableMap<String, String> provenance)
    implements WithCheckpointSettings {

  CheckpointSettings {
    InvalidSettingException.require(
        every >= 0,
        "checkpointEvery",
        "the number of steps between checkpoints must be >= 0, not " + every);
    InvalidSettingException.require(
        keepLast >= 1,
        "keepLast",
        "the number of checkpoints to keep must be >= 1, not " + keepLast);
  }

  static CheckpointSettings ofDefaults() {
    return new CheckpointSettings(
        Optional.empty(), 0, 1, false, Optional.empty(), false, ImmutableMap.of());
  }

  /** Rejects what does not fit together. */
  void check() {
    if ((every > 0 || keepBest) && store.isEmpty()) {
      throw new IllegalStateException("the trainer needs checkpoints(...) to go to");
    }
    if (resumeAnyway && resumed.isEmpty()) {
      throw new IllegalStateException("resumeAnyway(...) needs resume(...): which checkpoint?");
    }
    if (resumed.isEmpty() && store.isPresent() && !store.get().steps().isEmpty()) {
      throw new InvalidSettingException(
          "checkpoints",
          store.get().folder() + " has checkpoints already: resume them or choose another folder");
    }
  }
}
