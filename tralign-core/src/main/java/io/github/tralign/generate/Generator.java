package io.github.tralign.generate;

import static io.github.tralign.InvalidSettingException.require;
import static java.util.Objects.requireNonNull;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.NextToken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Generates completions of many requests at once. Each {@link #step} computes one token of every
 * running sample in one pass; samples that end leave, and those of waiting requests take their
 * place, in the order in which they were added, as long as there is room in the session.
 *
 * <p>A sample reserves room for all tokens that it may get, so one that runs can always finish. If
 * there is no room for all samples of a request at once, they run in turns, and later requests
 * wait. The text of a sample depends on its request only, not on what runs beside it.
 *
 * <p>A request fails if its listener throws an exception, if its next token cannot be chosen, or if
 * the session fails in a pass that it is part of. Then its sequences are released and {@link
 * GenerationListener#failed} is called; other requests are not affected. What {@code failed} throws
 * is thrown by {@link #step} once the step is done, and the generator can still be used. After an
 * {@link Error} it can only be closed.
 *
 * <p>Listeners may add requests, but must not call {@link #step} or {@link #close}. Not
 * thread-safe: a server calls it from one thread.
 */
public final class Generator implements AutoCloseable {

  private static final int DEFAULT_MAX_PASS_TOKENS = 4096;

  private final DecodingSession session;
  private final int maxPassTokens;
  private final Queue<Job> waiting = new ArrayDeque<>(); // not opened
  private final Queue<Job> starting = new ArrayDeque<>(); // with samples that have not started
  private final List<Sample> running = new ArrayList<>();
  private @Nullable RuntimeException thrown; // by listeners, in this step

  /** Generates in a session, which the caller closes. */
  public Generator(DecodingSession session) {
    this(session, DEFAULT_MAX_PASS_TOKENS);
  }

  /**
   * The same with another bound on the tokens of prompts in one pass.
   *
   * @param maxPassTokens the number of prompt tokens that are computed in one pass with the running
   *     samples, ≥ 1, default 4096; a longer prompt has a pass of its own
   * @throws InvalidSettingException if the bound is below 1
   */
  public Generator(DecodingSession session, int maxPassTokens) {
    require(
        maxPassTokens >= 1,
        "maxPassTokens",
        "maxPassTokens must be at least 1, not " + maxPassTokens);
    this.session = requireNonNull(session, "session");
    this.maxPassTokens = maxPassTokens;
  }

  /**
   * Adds a request; it starts as soon as there is room.
   *
   * @throws IllegalArgumentException if the prompt with one completion can never fit in the
   *     session, or a token id is not below the vocabulary's size
   */
  public void add(GenerationRequest request, GenerationListener listener) {
    requireNonNull(request, "request");
    requireNonNull(listener, "listener");
    waiting.add(new Job(session, request, listener, RoomCheck.newTokens(session, request)));
  }

  /**
   * Computes the next token of every running sample.
   *
   * @return whether there is anything left to do
   * @throws IllegalStateException if nothing can run because sequences of others fill the session
   */
  public boolean step() {
    List<Job> prompts = openPrompts();
    starting.addAll(prompts);
    List<PassRow> rows = rows(prompts);
    compute(rows);
    startSamples();
    running.removeIf(Sample::isEnded);
    rethrow();
    boolean isDone = running.isEmpty() && starting.isEmpty() && waiting.isEmpty();
    if (!isDone && rows.isEmpty() && running.isEmpty()) {
      throw new IllegalStateException(
          "no request can start: sequences of others fill the session, with room for "
              + session.free()
              + " of "
              + session.capacity()
              + " tokens left");
    }
    return !isDone;
  }

  /** Opens the next prompts, as many as fit with their samples and in a pass. */
  private List<Job> openPrompts() {
    List<Job> prompts = new ArrayList<>();
    if (!starting.isEmpty()) {
      return prompts; // samples of an earlier request come first
    }
    long room = session.free();
    long tokens = 0;
    for (Job next = waiting.peek(); next != null; next = waiting.peek()) {
      tokens += next.promptLength();
      if (room < next.room(1) || (tokens > maxPassTokens && !prompts.isEmpty())) {
        break;
      }
      room -= next.room(next.request().samples());
      prompts.add(waiting.remove());
      attempt(next, next::open);
    }
    prompts.removeIf(Job::isAbandoned);
    return prompts;
  }

  private List<PassRow> rows(List<Job> prompts) {
    List<PassRow> rows = new ArrayList<>(prompts);
    if (prompts.stream().allMatch(job -> job.promptLength() <= maxPassTokens)) {
      rows.addAll(running);
    }
    return rows;
  }

  private void compute(List<PassRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<Extension> extensions = rows.stream().map(PassRow::extension).toList();
    List<NextToken> next;
    try {
      next = session.append(extensions);
    } catch (RuntimeException e) {
      Set<Job> jobs = new LinkedHashSet<>(rows.stream().map(PassRow::job).toList());
      jobs.forEach(job -> fail(job, e));
      return;
    }
    List<Runnable> chosen =
        IntStream.range(0, rows.size())
            .parallel()
            .mapToObj(i -> choose(rows.get(i), next.get(i)))
            .toList();
    for (int i = 0; i < rows.size(); i++) {
      attempt(rows.get(i).job(), chosen.get(i));
    }
  }

  /** A choice that fails does so when it is run, in this generator's thread. */
  private static Runnable choose(PassRow row, NextToken next) {
    try {
      return row.choose(next);
    } catch (RuntimeException e) {
      return () -> {
        throw e;
      };
    }
  }

  private void startSamples() {
    for (Job job = starting.peek(); job != null; job = starting.peek()) {
      if (!job.isWaiting()) {
        starting.remove();
      } else if (session.free() >= job.sampleRoom()) {
        Job next = job;
        attempt(next, () -> running.add(next.start()));
      } else {
        return;
      }
    }
  }

  private void attempt(Job job, Runnable work) {
    if (job.isAbandoned()) {
      return; // failed earlier in this step
    }
    try {
      work.run();
    } catch (RuntimeException e) {
      fail(job, e);
    }
  }

  private void fail(Job job, RuntimeException reason) {
    job.abandon();
    try {
      job.listener().failed(reason);
    } catch (RuntimeException e) {
      if (thrown == null) {
        thrown = e;
      } else if (thrown != e) {
        thrown.addSuppressed(e);
      }
    }
  }

  private void rethrow() {
    RuntimeException first = thrown;
    thrown = null;
    if (first != null) {
      throw first;
    }
  }

  /** Drops all requests and releases their sequences; the session stays open. */
  @Override
  public void close() {
    starting.forEach(Job::abandon);
    List.copyOf(running).forEach(sample -> sample.job().abandon());
    starting.clear();
    running.clear();
    waiting.clear();
  }
}
