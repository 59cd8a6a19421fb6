package io.github.tralign.train;

import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the checkpoints of a run and takes the old ones away. */
final class RunCheckpoints {

  static final String POLICY = "policy";

  private final @Nullable CheckpointStore store;
  private final long every;
  private final int keepLast;
  private final List<TrainingListener> listeners;
  private final Policy policy;
  private final TreeSet<Long> kept = new TreeSet<>();

  RunCheckpoints(TrainerBuilder settings, Policy policy) {
    this.store = settings.checkpoints.store().orElse(null);
    this.every = settings.checkpoints.every();
    this.keepLast = settings.checkpoints.keepLast();
    this.listeners = settings.listeners;
    this.policy = policy;
  }

  /** Takes away what is newer than the step that the run goes on from: it is of no use any more. */
  void begin(long stepsDone) {
    if (store != null) {
      store.deleteLeftovers();
      kept.addAll(store.steps().headSet(stepsDone, true));
      store.keepOnly(kept);
    }
  }

  /** After a step: a checkpoint, if it is time for one. */
  void afterStep(long step, Supplier<RunState> state) {
    if (every > 0 && step % every == 0) {
      write(step, state);
    }
  }

  /** A checkpoint of where the run stops, unless there is one already, or nothing to save. */
  void beforeStop(long step, Supplier<RunState> state) {
    if (step > 0 && !kept.contains(step)) {
      write(step, state);
    }
  }

  private void write(long step, Supplier<RunState> state) {
    if (store == null) {
      return;
    }
    listeners.forEach(listener -> listener.beforeCheckpoint(step));
    Path path =
        store
            .write(
                step,
                folder -> {
                  state.get().write(folder);
                  policy.saveState(Files.createDirectory(folder.resolve(POLICY)));
                })
            .path();
    kept.add(step);
    Set<Long> newest = new TreeSet<>(kept.descendingSet().stream().limit(keepLast).toList());
    kept.retainAll(newest);
    store.keepOnly(kept);
    listeners.forEach(listener -> listener.onCheckpoint(step, path));
  }
}
