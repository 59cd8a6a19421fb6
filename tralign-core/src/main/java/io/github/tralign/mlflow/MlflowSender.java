package io.github.tralign.mlflow;

import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.mlflow.MlflowApi.Measured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Sends a run's metrics on its own thread, in batches and in the order of the steps. */
final class MlflowSender {

  private static final int CAPACITY = 10_000; // steps that wait for the server
  private static final int BATCH = 1_000; // metrics of a request, MLflow's own limit
  private static final long POLL_MILLIS = 100;
  private static final long PAUSE_MILLIS = 500; // between two batches
  private static final long LONGEST_MILLIS = 30_000; // between two attempts
  private static final long END_MILLIS = 10_000;

  private final MlflowApi api;
  private final MlflowSettings settings;
  private final boolean changed;
  private final BlockingQueue<Measured> steps = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong missing = new AtomicLong(); // steps that were not logged
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "tralign-mlflow");
  private volatile String id;
  private volatile String status = "";
  private boolean warned;
  private long logged; // the last step that needs no logging

  /**
   * Begins.
   *
   * @param resumed id of the run that is continued; empty for a new one
   * @param changed whether the run is continued with other settings
   */
  MlflowSender(MlflowSettings settings, String resumed, boolean changed) {
    this.api = new MlflowApi(settings);
    this.settings = settings;
    this.id = resumed;
    this.changed = changed;
    thread.setDaemon(true);
    thread.start();
  }

  /** The id of the run; empty if the server has not given one yet. */
  String id() {
    return id;
  }

  /** Takes a step; one too many is lost. */
  void add(StepMetrics metrics) {
    if (!thread.isAlive() || !steps.offer(new Measured(metrics, System.currentTimeMillis()))) {
      missing.incrementAndGet();
    }
  }

  /** Reports what has gone wrong since the last call. */
  void report(Consumer<String> to) {
    for (String next = warnings.poll(); next != null; next = warnings.poll()) {
      to.accept(next);
    }
  }

  /** Sends what is left and sets the status of the run, unless that takes too long. */
  void end(String status) {
    this.status = status;
    ending.countDown();
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long left = missing.get() + steps.size();
    if (left > 0) {
      warnings.add(
          settings.server() + ": the metrics of " + left + " steps were not logged to MLflow");
    }
    thread.interrupt();
  }

  private void run() {
    try {
      begin();
      while (ending.getCount() > 0 || !steps.isEmpty()) {
        Measured first = steps.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          log(first);
          ending.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
      trying(() -> api.status(id, status, System.currentTimeMillis()));
    } catch (MlflowApi.RejectedException e) {
      warn("rejects what is logged (" + e.getMessage() + "); the run is no longer logged there");
    } catch (IOException | InterruptedException e) {
      // The end has come, and the server cannot be reached, which is reported already.
    } catch (RuntimeException e) { // of the HTTP client, for instance; no log ends a run
      warn("cannot be used (" + e.getClass().getSimpleName() + "); the run is not logged there");
    }
  }

  private void begin() throws IOException, InterruptedException {
    if (id.isEmpty()) {
      trying(() -> id = api.create(System.currentTimeMillis()));
      trying(() -> api.params(id));
    } else {
      trying(() -> logged = changed ? 0 : api.lastStep(id));
      trying(() -> api.status(id, "RUNNING", 0));
    }
  }

  /** Logs a step, with as many of the next ones as fit into a request. */
  private void log(Measured first) throws IOException, InterruptedException {
    List<Measured> batch = new ArrayList<>();
    int size = 0;
    for (Measured next = first; next != null; next = steps.poll()) {
      if (next.metrics().step() > logged) {
        batch.add(next);
        size += next.metrics().values().size();
      }
      Measured after = steps.peek();
      if (after == null || size + after.metrics().values().size() > BATCH) {
        break;
      }
    }
    missing.addAndGet(batch.size());
    if (!batch.isEmpty()) {
      trying(() -> api.log(id, batch));
    }
    missing.addAndGet(-batch.size());
  }

  private interface Request {
    void send() throws IOException, InterruptedException;
  }

  /** Repeats a request until the server can be reached, or once more after the end. */
  private void trying(Request request) throws IOException, InterruptedException {
    for (long wait = PAUSE_MILLIS; ; wait = Math.min(2 * wait, LONGEST_MILLIS)) {
      boolean last = ending.getCount() == 0;
      try {
        request.send();
        return;
      } catch (MlflowApi.RejectedException e) {
        throw e;
      } catch (IOException e) {
        warn("cannot be reached (" + reason(e) + "); training continues, and it is tried again");
        if (last) {
          throw e;
        }
      }
      ending.await(wait, TimeUnit.MILLISECONDS);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void warn(String what) {
    if (!warned) {
      warned = true;
      warnings.add("the MLflow server " + settings.server() + " " + what);
    }
  }
}
