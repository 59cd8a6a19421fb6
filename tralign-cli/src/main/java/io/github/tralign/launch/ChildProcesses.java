package io.github.tralign.launch;

import io.github.tralign.InvalidInputException;
import io.github.tralign.distributed.ProcessGroupException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The other processes of a command on this machine, ranks 1 and up. None of them is left behind
 * when this is closed, or this process ends: a shutdown hook ends them, and if that does not run,
 * their standard input does, see {@link ChildRole#endWithParent}.
 */
final class ChildProcesses implements AutoCloseable {

  private static final long LAST_STEPS_SECONDS = 60; // of a child whose work is done
  private static final long NEWS_SECONDS = 2; // of an end that has been noticed otherwise
  private static final int INVALID_INPUT = 2;
  private static final int SIGNAL = 128; // added to its number in an exit code

  private record End(int rank, long pid, int code) {
    private String text() {
      String signal =
          code > SIGNAL ? String.format(Locale.ROOT, " (signal %d)", code - SIGNAL) : "";
      return String.format(
          Locale.ROOT, "rank %d (process %d) ended with exit code %d%s", rank, pid, code, signal);
    }
  }

  private final PrintStream err;
  private final List<Process> processes = new ArrayList<>();
  private final List<Thread> relays = new ArrayList<>();
  private final BlockingQueue<End> failures = new LinkedBlockingQueue<>();
  private final Thread hook = new Thread(this::endWithThisProcess, "tralign-children");
  private @Nullable Thread joining;
  private volatile boolean inOrder;

  private ChildProcesses(PrintStream err) {
    this.err = err;
  }

  /**
   * Starts them.
   *
   * @param command of each
   * @param size the number of processes, this one included
   * @param port of the meeting point
   * @param err where their lines are shown, each with its rank
   */
  static ChildProcesses start(List<String> command, int size, int port, PrintStream err) {
    ChildProcesses children = new ChildProcesses(err);
    Runtime.getRuntime().addShutdownHook(children.hook);
    try {
      for (int rank = 1; rank < size; rank++) {
        children.start(command, new ChildRole(rank, size, port));
      }
      return children;
    } catch (IOException e) {
      children.close();
      throw new UncheckedIOException("the other processes cannot be started: " + e.getMessage(), e);
    }
  }

  private void start(List<String> command, ChildRole role) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(role.variables(System.getenv()));
    Process process = builder.start();
    processes.add(process);
    process.onExit().thenAccept(it -> ended(role.rank(), it));
    Thread relay = new Thread(() -> relay(role.rank(), process), "tralign-rank-" + role.rank());
    relay.setDaemon(true);
    relay.start();
    relays.add(relay);
  }

  private void relay(int rank, Process process) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        err.println("[rank " + rank + "] " + line);
      }
    } catch (IOException e) {
      // It has ended.
    }
  }

  private synchronized void ended(int rank, Process process) {
    if (process.exitValue() != 0 || joining != null) {
      failures.add(new End(rank, process.pid(), process.exitValue()));
    }
    if (joining != null) {
      joining.interrupt();
    }
  }

  /**
   * Joins the group, or fails if a child ends before.
   *
   * @throws ProcessGroupException that names it
   */
  <T> T join(Supplier<T> group) {
    synchronized (this) {
      joining = Thread.currentThread();
      if (!failures.isEmpty()) {
        joining.interrupt();
      }
    }
    try {
      return group.get();
    } catch (RuntimeException e) {
      End first = failures.peek();
      throw first == null
          ? e
          : new ProcessGroupException(first.text() + " before it had joined the others", e);
    } finally {
      synchronized (this) {
        joining = null;
        Thread.interrupted();
      }
    }
  }

  /** A failure of the group with what is known of the child that ended first. */
  RuntimeException explained(ProcessGroupException failure) {
    End first = first();
    if (first == null) {
      return failure;
    }
    if (first.code() == INVALID_INPUT) {
      return new InvalidInputException(String.valueOf(failure.getMessage()), failure);
    }
    return first.code() > INVALID_INPUT // it could not say why
        ? new ProcessGroupException(first.text() + "; the others end too", failure)
        : failure;
  }

  private @Nullable End first() {
    try {
      return failures.poll(NEWS_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** When this process is asked to end, the children end by themselves, in order with it. */
  void endInOrder() {
    inOrder = true;
  }

  /** Waits for the children to end, once their work is done. */
  void await() {
    try {
      for (Process process : processes) {
        process.waitFor(LAST_STEPS_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endWithThisProcess() {
    try {
      for (Process process : processes) {
        if (inOrder) {
          process.waitFor();
        } else {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the children end with this process
    }
  }

  /** Ends those that are still there. */
  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    try {
      for (Process process : processes) {
        process.waitFor();
      }
      for (Thread relay : relays) {
        relay.join(TimeUnit.SECONDS.toMillis(NEWS_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process is ending.
    }
  }
}
