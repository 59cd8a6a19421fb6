package io.github.tralign.generate;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.generate.Completion.Finish;
import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.NextToken;
import io.github.tralign.generate.DecodingSession.Sequence;
import java.util.Optional;

/** A completion that grows. In a pass it is its last token. */
final class Sample implements PassRow {

  private final Job job;
  private final int number;
  private final Sequence sequence;
  private final History history;
  private final ImmutableDoubleArray.Builder logProbs = ImmutableDoubleArray.builder();
  private boolean ended;

  Sample(Job job, int number, Sequence sequence) {
    this.job = job;
    this.number = number;
    this.sequence = sequence;
    history = new History(job.request().prompt());
  }

  Sequence sequence() {
    return sequence;
  }

  boolean isEnded() {
    return ended;
  }

  @Override
  public Job job() {
    return job;
  }

  @Override
  public Extension extension() {
    return new Extension(sequence, ImmutableIntArray.of(history.get(history.length() - 1)));
  }

  @Override
  public Runnable choose(NextToken next) {
    GeneratedToken token = GeneratedToken.choose(job.request(), number, history, next);
    return () -> add(token);
  }

  /** The room of a sample that ends is free before its listener is called. */
  private void add(GeneratedToken token) {
    history.add(token.id());
    logProbs.add(token.logProb());
    boolean continues = job.listener().token(number, token);
    finish(token.id(), continues)
        .ifPresent(
            finish -> {
              end();
              job.listener()
                  .finished(number, new Completion(history.completion(), logProbs.build(), finish));
            });
  }

  private Optional<Finish> finish(int token, boolean continues) {
    if (job.request().sampling().endTokens().contains(token)) {
      return Optional.of(Finish.END_TOKEN);
    }
    if (!continues) {
      return Optional.of(Finish.STOPPED);
    }
    return history.newTokens() == job.limit() ? Optional.of(Finish.LENGTH) : Optional.empty();
  }

  /** Releases what it has used. */
  void end() {
    ended = true;
    job.ended(this);
  }
}
