package io.github.tralign.train;

import com.google.common.collect.Iterables;
import com.google.common.collect.Sets;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the checkpoints of a run and takes away those that are neither new nor the best. Of
 * several processes the first one does; the others contribute what they have of the state.
 */
final class CheckpointWriting {

  static final String POLICY = "policy";

  private final @Nullable CheckpointStore store;
  private final long every;
  private final int keepLast;
  private final boolean keepBest;
  private final List<TrainingListener> listeners;
  private final Policy policy;
  private final Agreement agreement;
  private final Supplier<RunState> state;
  private final TreeSet<Long> kept = new TreeSet<>();
  private long begun; // steps done before

  /**
   * The checkpoints of a run.
   *
   * @param state where the run stands, when it is asked for
   */
  CheckpointWriting(RunComponents run, Supplier<RunState> state) {
    TrainerSettings settings = run.settings();
    this.state = state;
    this.agreement = run.agreement();
    this.store = settings.checkpoints().store().orElse(null);
    this.every = settings.checkpoints().every();
    this.keepLast = settings.checkpoints().keepLast();
    this.keepBest = settings.checkpoints().keepBest();
    this.listeners = settings.listeners();
    this.policy = settings.policy();
  }

  /** Sets aside what is newer than the step that the run begins from. */
  void begin(long stepsDone) {
    begun = stepsDone;
    if (store != null && agreement.writes()) {
      store.deleteLeftovers();
      store.setAsideAfter(stepsDone);
      kept.addAll(store.steps());
    }
  }

  /**
   * After a step: a checkpoint, if it is time for one, or if the step's evaluation is the best.
   *
   * @param best the step of the best evaluation so far; 0 for none
   */
  void afterStep(long step, long best) {
    if (every > 0 && step % every == 0 || keepBest && step == best) {
      write(step, best);
    }
  }

  /** A checkpoint of where the run stops, unless there is one already, or no step was done. */
  void beforeStop(long step, long best) {
    if (step > begun && !kept.contains(step)) {
      write(step, best);
    }
  }

  private void write(long step, long best) {
    if (store == null) {
      return;
    }
    agreement.requireSameWeights(step); // a checkpoint is that of all
    kept.add(step);
    Set<Long> wanted = Sets.newHashSet(Iterables.limit(kept.descendingSet(), keepLast));
    if (keepBest) {
      wanted.add(best);
    }
    if (agreement.writes()) {
      write(store, step, wanted);
    } else {
      policy.contributeState();
    }
    kept.retainAll(wanted);
  }

  private void write(CheckpointStore store, long step, Set<Long> wanted) {
    listeners.forEach(listener -> listener.beforeCheckpoint(step));
    Path path =
        store
            .write(
                step,
                folder -> {
                  state.get().write(folder);
                  policy.saveState(Files.createDirectory(folder.resolve(POLICY)));
                  for (TrainingListener listener : listeners) {
                    listener.intoCheckpoint(step, folder);
                  }
                })
            .path();
    store.keepOnly(wanted);
    listeners.forEach(listener -> listener.onCheckpoint(step, path));
  }
}
