package io.github.tralign.launch;

import io.github.tralign.InvalidInputException;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.distributed.ProcessGroupException;
import io.github.tralign.djl.TensorGroup;
import io.github.tralign.djl.distributed.GlooProcessGroup;
import io.github.tralign.djl.distributed.JoinSettings;
import io.github.tralign.djl.distributed.MeetingPoint;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The processes that run one command together, this one among them. All end together: a failure of
 * one is one of all, and what one finds wrong with its input is reported by all.
 */
public final class Processes implements AutoCloseable {

  private static final int INVALID_INPUT = 2;

  private final @Nullable GlooProcessGroup group; // null: this process alone
  private final @Nullable MeetingPoint point; // that this process serves
  private final @Nullable ChildProcesses children;
  private final boolean isChild;
  private boolean ready;
  private boolean foundWrong; // the input of another process

  private Processes(
      @Nullable GlooProcessGroup group,
      @Nullable MeetingPoint point,
      @Nullable ChildProcesses children,
      boolean isChild) {
    this.group = group;
    this.point = point;
    this.children = children;
    this.isChild = isChild;
  }

  /** This process alone. */
  public static Processes alone() {
    return new Processes(null, null, null, false);
  }

  /**
   * One of several processes that were started one by one.
   *
   * @param point that this process serves, closed with the result; null if another one does
   * @throws InvalidInputException as {@link GlooProcessGroup#join}
   * @throws ProcessGroupException as {@link GlooProcessGroup#join}
   */
  public static Processes joining(JoinSettings settings, @Nullable MeetingPoint point) {
    try {
      return new Processes(GlooProcessGroup.join(settings), point, null, false);
    } catch (RuntimeException | Error e) {
      if (point != null) {
        point.close();
      }
      throw e;
    }
  }

  /**
   * Starts the other processes on this machine and joins them, as rank 0.
   *
   * @param size the number of processes, ≥ 2
   * @param settings what is asked for beside rank and place
   * @param point that this process serves, closed with the result
   * @param main the class whose main method runs the command
   * @param args its arguments, the same for all
   * @param err where lines of other processes are shown
   * @throws ProcessGroupException if one of them ends before all have joined
   */
  public static Processes starting(
      int size,
      UnaryOperator<JoinSettings> settings,
      MeetingPoint point,
      String main,
      List<String> args,
      PrintStream err) {
    JoinSettings joins = settings.apply(JoinSettings.of(ChildRole.HOST, point.port(), 0, size));
    ChildProcesses children = null;
    try {
      children = ChildProcesses.start(JavaCommand.like(main, args), size, point.port(), err);
      return new Processes(
          children.join(() -> GlooProcessGroup.join(joins)), point, children, false);
    } catch (RuntimeException | Error e) {
      if (children != null) {
        children.close();
      }
      point.close();
      throw e;
    }
  }

  /**
   * A process that another one has started, and that ends with it.
   *
   * @param settings as in {@link #starting}
   */
  public static Processes startedAs(ChildRole role, UnaryOperator<JoinSettings> settings) {
    role.endWithParent();
    JoinSettings joins = JoinSettings.of(ChildRole.HOST, role.port(), role.rank(), role.size());
    return new Processes(GlooProcessGroup.join(settings.apply(joins)), null, null, true);
  }

  /** What they exchange by. */
  public ProcessGroup group() {
    return group == null ? ProcessGroup.single() : group;
  }

  /** The same for arrays; empty if this process is alone. */
  public Optional<TensorGroup> tensors() {
    return Optional.ofNullable(group);
  }

  /** Whether this process is the one that writes and shows results. */
  public boolean isFirst() {
    return group().rank() == 0;
  }

  /**
   * Does this process's part of the work. If it fails, the others learn why and fail too; if
   * another one fails, this one says which.
   *
   * @param exitCode that a failure ends the process with: 2 if an input is invalid
   */
  public <T> T run(Supplier<T> work, ToIntFunction<Throwable> exitCode) {
    try {
      T result = work.get();
      if (children != null) {
        children.await();
      }
      return result;
    } catch (RuntimeException | Error failure) {
      if (group != null) {
        leave(group, failure, exitCode.applyAsInt(failure));
      }
      if (children != null && failure instanceof ProcessGroupException ofGroup) {
        throw children.explained(ofGroup);
      }
      throw failure;
    }
  }

  private void leave(GlooProcessGroup group, Throwable failure, int exitCode) {
    String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("failed");
    if (foundWrong || failure instanceof ProcessGroupException) {
      group.close();
    } else if (!ready && exitCode == INVALID_INPUT) {
      try {
        group.gatherTexts(reason);
      } catch (ProcessGroupException e) {
        // Another one has failed in the meantime.
      }
      group.close();
    } else {
      group.fail(reason);
    }
    if (isChild) {
      throw new ReportedFailure(failure, exitCode);
    }
  }

  /**
   * All input is read and valid here: waits until it is everywhere.
   *
   * @throws InvalidInputException if it is not, naming the rank
   */
  public void ready() {
    ready = true;
    List<String> problems = group().gatherTexts("");
    for (int rank = 0; rank < problems.size(); rank++) {
      if (!problems.get(rank).isEmpty()) {
        foundWrong = true;
        throw new InvalidInputException("rank " + rank + ": " + problems.get(rank));
      }
    }
  }

  /** Asked to terminate, this process stops in order from now on, and so do the others with it. */
  public void endInOrder() {
    if (children != null) {
      children.endInOrder();
    }
  }

  /** Leaves the group; children that are still there are ended. */
  @Override
  public void close() {
    if (group != null) {
      group.close();
    }
    if (children != null) {
      children.close();
    }
    if (point != null) {
      point.close();
    }
  }
}
