package io.github.tralign.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/** A process that a task has started, with all that it starts itself. To be closed by the task. */
final class WorkerProcess implements AutoCloseable {

  private static final int LAST_LINES = 10;
  private static final int LONGEST_LINE = 8192;
  private static final long POLL_MILLIS = 50;
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private final Process process;
  private final Duration grace;
  private final Thread pump;
  private final Thread hook;
  private final Set<ProcessHandle> family = new HashSet<>();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private boolean closed;

  private WorkerProcess(Process process, Consumer<String> lines, Duration grace) {
    this.process = process;
    this.grace = grace;
    this.pump = new Thread(() -> pump(lines), "lines of process " + process.pid());
    this.hook = new Thread(this::close, "end of process " + process.pid());
  }

  /**
   * Starts it.
   *
   * @param lines gets each line of the output, cut to 8,192 characters, on a thread of its own
   * @param grace from SIGTERM to SIGKILL when it is closed while it runs
   */
  static WorkerProcess start(ProcessBuilder command, Consumer<String> lines, Duration grace) {
    Process process;
    try {
      process = command.start();
    } catch (IOException e) {
      throw new IllegalStateException("the process cannot be started: " + e.getMessage(), e);
    }
    WorkerProcess worker = new WorkerProcess(process, lines, grace);
    worker.pump.setDaemon(true);
    worker.pump.start();
    Runtime.getRuntime().addShutdownHook(worker.hook); // an executor that is asked to end
    return worker;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits until it ends.
   *
   * @param meanwhile runs every 50 ms, and a last time after the end
   * @return its exit code
   * @throws TaskKilledException if Spark kills the task meanwhile
   */
  int await(TaskContext context, Runnable meanwhile) throws InterruptedException {
    for (long polls = 0; !process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS); polls++) {
      requireNotKilled(context);
      if (polls % 20 == 0) {
        process.descendants().forEach(family::add);
      }
      meanwhile.run();
    }
    pump.join(DRAIN.toMillis()); // not for ever: a child may hold the pipe
    meanwhile.run();
    return process.exitValue();
  }

  /** Waits a little, for a poll of something else than the process. */
  static void pause(TaskContext context) throws InterruptedException {
    requireNotKilled(context);
    Thread.sleep(POLL_MILLIS);
  }

  private static void requireNotKilled(TaskContext context) {
    if (context.isInterrupted()) {
      throw new TaskKilledException("the task was killed by Spark");
    }
  }

  /** The last lines that it wrote, for a message. */
  String lastLines() {
    synchronized (lastLines) {
      return lastLines.isEmpty()
          ? "it wrote nothing"
          : "its last lines:\n  " + String.join("\n  ", lastLines);
    }
  }

  /** Ends it and its children, if they still run, and waits for their end. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted(); // the wait below has to take place
    List<ProcessHandle> all = new ArrayList<>(family);
    process.descendants().forEach(all::add);
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    if (!awaitEnd(all, grace)) {
      process.descendants().forEach(all::add);
      all.forEach(ProcessHandle::destroyForcibly);
      awaitEnd(all, DRAIN);
    }
    if (Thread.currentThread() != hook) {
      removeHook();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the executor is shutting down: the hook finds that all is closed
    }
  }

  private static boolean awaitEnd(List<ProcessHandle> all, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (all.stream().anyMatch(ProcessHandle::isAlive)) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        return false; // asked to hurry
      }
    }
    return true;
  }

  private void pump(Consumer<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        if (c == '\n') {
          accept(line, lines);
        } else if (c == '\r') {
          line.append(' '); // a bar that is drawn again and again
        } else if (line.length() < LONGEST_LINE) {
          line.append((char) c);
        }
      }
      if (line.length() > 0) {
        accept(line, lines);
      }
    } catch (IOException e) {
      // the process was ended
    }
  }

  private void accept(StringBuilder line, Consumer<String> lines) {
    String text = line.toString().stripTrailing();
    line.setLength(0);
    synchronized (lastLines) {
      if (lastLines.size() == LAST_LINES) {
        lastLines.removeFirst();
      }
      lastLines.add(text);
    }
    lines.accept(text);
  }
}
