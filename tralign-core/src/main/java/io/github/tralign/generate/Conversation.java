package io.github.tralign.generate;

import static java.util.Objects.requireNonNull;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.generate.Completion.Finish;
import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.NextToken;
import io.github.tralign.generate.DecodingSession.Sequence;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Completes one prompt after the other and remembers what it has computed: a prompt that begins
 * with the tokens of the one before and of its completion, as in a conversation, is computed from
 * there on. The tokens are those that a {@link Generator} gives.
 *
 * <p>It uses all of a session's room. Not thread-safe.
 */
public final class Conversation implements AutoCloseable {

  private final DecodingSession session;
  private @Nullable Sequence sequence;
  private ImmutableIntArray cached = ImmutableIntArray.of();
  private @Nullable Answer answer; // that grows

  /** A completion that grows. */
  private record Answer(
      GenerationRequest request,
      GenerationListener listener,
      int most,
      History history,
      ImmutableDoubleArray.Builder logProbs) {}

  /** Completes in a session, which the caller closes. */
  public Conversation(DecodingSession session) {
    this.session = requireNonNull(session, "session");
  }

  /** The number of tokens that a prompt with its completion can have. */
  public int maxTokens() {
    return (int) Math.min(session.maxLength(), session.capacity());
  }

  /**
   * Begins to complete a prompt; what is not completed of the one before is dropped.
   *
   * @param request with one sample
   * @throws IllegalArgumentException if the prompt leaves no room for a token, or there are several
   *     samples
   */
  public void begin(GenerationRequest request, GenerationListener listener) {
    requireNonNull(request, "request");
    requireNonNull(listener, "listener");
    int room = maxTokens() - request.prompt().length();
    if (request.samples() != 1) {
      throw new IllegalArgumentException("a conversation has one sample, not " + request.samples());
    }
    if (room < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the conversation has %,d tokens; at most %,d leave room for an answer",
              request.prompt().length(),
              maxTokens() - 1));
    }
    answer =
        new Answer(
            request,
            listener,
            Math.min(room, request.sampling().maxNewTokens()),
            new History(request.prompt()),
            ImmutableDoubleArray.builder());
  }

  /**
   * Computes the next token.
   *
   * @return whether the completion continues
   */
  public boolean step() {
    Answer growing = answer;
    if (growing == null) {
      return false;
    }
    History history = growing.history();
    NextToken next = append(fresh(history));
    GeneratedToken token = GeneratedToken.choose(growing.request(), 0, history, next);
    history.add(token.id());
    growing.logProbs().add(token.logProb());
    boolean continues = growing.listener().token(0, token);
    Optional<Finish> finish = finish(growing, token.id(), continues);
    if (finish.isPresent()) {
      answer = null;
      Completion completion =
          new Completion(history.completion(), growing.logProbs().build(), finish.get());
      growing.listener().finished(0, completion);
    }
    return finish.isEmpty();
  }

  private static Optional<Finish> finish(Answer answer, int token, boolean continues) {
    if (answer.request().sampling().endTokens().contains(token)) {
      return Optional.of(Finish.END_TOKEN);
    }
    if (!continues) {
      return Optional.of(Finish.STOPPED);
    }
    return answer.history().newTokens() == answer.most()
        ? Optional.of(Finish.LENGTH)
        : Optional.empty();
  }

  /** The tokens that are not cached; at least one, whose successor is wanted. */
  private ImmutableIntArray fresh(History history) {
    ImmutableIntArray all = history.all();
    int known = cached.length();
    if (sequence != null && known < all.length() && all.subArray(0, known).equals(cached)) {
      return all.subArray(known, all.length());
    }
    forget();
    sequence = session.open((int) Math.min(session.maxLength(), session.free()));
    return all;
  }

  private NextToken append(ImmutableIntArray tokens) {
    Sequence growing = requireNonNull(sequence);
    NextToken next = session.append(List.of(new Extension(growing, tokens))).get(0);
    cached = ImmutableIntArray.builder().addAll(cached).addAll(tokens).build();
    return next;
  }

  /** Forgets everything; the session stays open. */
  @Override
  public void close() {
    answer = null;
    forget();
  }

  private void forget() {
    if (sequence != null) {
      session.release(sequence);
    }
    sequence = null;
    cached = ImmutableIntArray.of();
  }
}
