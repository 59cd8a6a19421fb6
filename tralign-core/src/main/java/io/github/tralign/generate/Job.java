package io.github.tralign.generate;

import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.NextToken;
import io.github.tralign.generate.DecodingSession.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request in work. In a pass it is its prompt. A single sample continues the prompt's sequence,
 * several have sequences that share it.
 */
final class Job implements PassRow {

  private final DecodingSession session;
  private final GenerationRequest request;
  private final GenerationListener listener;
  private final int limit;
  private final List<Sample> running = new ArrayList<>();
  private int started;
  private boolean abandoned;
  private @Nullable Sequence prompt; // null before it is opened and after its release
  private @Nullable NextToken first; // null until the prompt is computed

  /**
   * A request that can fit.
   *
   * @param limit the maximum number of new tokens
   */
  Job(DecodingSession session, GenerationRequest request, GenerationListener listener, int limit) {
    this.session = session;
    this.request = request;
    this.listener = listener;
    this.limit = limit;
  }

  GenerationRequest request() {
    return request;
  }

  GenerationListener listener() {
    return listener;
  }

  /** The maximum number of new tokens of a sample. */
  int limit() {
    return limit;
  }

  /** The room that a sample takes when it starts; a single one grows in the prompt's sequence. */
  int sampleRoom() {
    return isShared() ? limit : 0;
  }

  private boolean isShared() {
    return request.samples() > 1;
  }

  int promptLength() {
    return request.prompt().length();
  }

  /** The room that its prompt and this number of samples need. */
  long room(int samples) {
    return promptLength() + (long) samples * limit;
  }

  void open() {
    prompt = session.open(isShared() ? promptLength() : promptLength() + limit);
  }

  @Override
  public Job job() {
    return this;
  }

  @Override
  public Extension extension() {
    return new Extension(opened(), request.prompt());
  }

  /** Keeps the distribution of the first new token for all samples. */
  @Override
  public Runnable choose(NextToken next) {
    return () -> first = next;
  }

  /** Whether there are samples that have not started. */
  boolean isWaiting() {
    return started < request.samples();
  }

  /** Starts the next sample, with its first token. */
  Sample start() {
    NextToken next = first;
    if (next == null) {
      throw new IllegalStateException("the prompt is not computed");
    }
    Sequence sequence = isShared() ? session.fork(opened(), limit) : opened();
    Sample sample = new Sample(this, started++, sequence);
    running.add(sample);
    if (!isWaiting()) {
      first = null; // as large as the vocabulary
    }
    sample.choose(next).run();
    return sample;
  }

  /** Releases what a sample has used, and after the last sample the prompt. */
  void ended(Sample sample) {
    running.remove(sample);
    if (isShared()) {
      session.release(sample.sequence());
    }
    if (running.isEmpty() && !isWaiting()) {
      releasePrompt();
    }
  }

  /** Ends all samples where they are and starts no other. */
  void abandon() {
    abandoned = true;
    started = request.samples();
    List.copyOf(running).forEach(Sample::end);
    releasePrompt();
  }

  boolean isAbandoned() {
    return abandoned;
  }

  private void releasePrompt() {
    if (prompt != null) {
      session.release(prompt);
      prompt = null;
      first = null;
    }
  }

  private Sequence opened() {
    if (prompt == null) {
      throw new IllegalStateException("the prompt is not open");
    }
    return prompt;
  }
}
