package io.github.tralign.train;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Which checkpoints are written, and which one the run goes on from.
 *
 * @param store where they go
 * @param every steps from one to the next; 0 for none
 * @param keepLast how many of the newest are kept
 * @param keepBest whether that of the best evaluation is written and kept too
 * @param resumed what the run goes on from
 * @param resumeAnyway whether to go on with changed settings too
 * @param provenance what else must be the same to go on, in words by name
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
    Requirement.require(every >= 0, "number of steps between checkpoints", ">= 0", every);
    Requirement.require(keepLast >= 1, "number of checkpoints to keep", ">= 1", keepLast);
  }

  static CheckpointSettings ofDefaults() {
    return new CheckpointSettings(
        Optional.empty(), 0, 1, false, Optional.empty(), false, ImmutableMap.of());
  }

  /** Refuses what does not fit together. */
  void check() {
    if ((every > 0 || keepBest) && store.isEmpty()) {
      throw new IllegalStateException("the trainer needs checkpoints(...) to go to");
    }
    if (resumeAnyway && resumed.isEmpty()) {
      throw new IllegalStateException("resumeAnyway(...) needs resume(...): which checkpoint?");
    }
    if (resumed.isEmpty() && store.isPresent() && !store.get().steps().isEmpty()) {
      throw new IllegalArgumentException(
          store.get().folder() + " has checkpoints already: resume them or choose another folder");
    }
  }
}
