package io.github.tralign.generate;

import static java.util.Objects.requireNonNull;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session for engines in plain Java that remember a sequence as one value, such as the state of a
 * recurrent network. Sequences that share a prompt share its state, and each is computed alone.
 *
 * @param <S> the state, which is never changed, only replaced
 */
public final class StateSession<S> implements DecodingSession {

  /**
   * What a model computes, with its weights at the time of the call.
   *
   * @param <S> the state
   */
  public interface Model<S> {
    /** Size of the vocabulary. */
    int vocabularySize();

    /** The state before the first token. */
    S start();

    /** The state after one more token. */
    S read(S state, int token);

    /** The distribution of the next token; its logits are a new array. */
    NextToken next(S state);
  }

  private final Model<S> model;
  private final long capacity;
  private long reserved;
  private boolean closed;

  /**
   * An empty session, without a maximum length.
   *
   * @param cacheTokens the number of tokens that fit in the session, ≥ 1
   * @throws IllegalArgumentException if there is room for no token
   */
  public StateSession(Model<S> model, long cacheTokens) {
    this.model = requireNonNull(model, "model");
    require(cacheTokens >= 1, "cacheTokens must be at least 1, not " + cacheTokens);
    capacity = cacheTokens;
  }

  @Override
  public int vocabularySize() {
    return model.vocabularySize();
  }

  @Override
  public int maxLength() {
    return Integer.MAX_VALUE;
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public long free() {
    return capacity - reserved;
  }

  @Override
  public Sequence open(int tokens) {
    return new Grown(null, model.start(), tokens);
  }

  @Override
  public Sequence fork(Sequence parent, int tokens) {
    Grown prompt = own(requireNonNull(parent, "parent"));
    require(prompt.parent == null, "the sequence continues another, so it cannot be continued");
    return new Grown(prompt, prompt.state, tokens);
  }

  @Override
  public List<NextToken> append(List<Extension> extensions) {
    requireNonNull(extensions, "extensions");
    requireOpen();
    Set<Sequence> distinct = new HashSet<>();
    for (Extension extension : extensions) {
      own(extension.sequence()).requireRoomFor(extension.tokens());
      require(distinct.add(extension.sequence()), "a sequence occurs twice in a pass");
    }
    List<NextToken> next = new ArrayList<>();
    for (Extension extension : extensions) {
      next.add(own(extension.sequence()).append(extension.tokens()));
    }
    return next;
  }

  @Override
  public void release(Sequence sequence) {
    requireNonNull(sequence, "sequence");
    requireOpen();
    cast(sequence).release();
  }

  @Override
  public void close() {
    closed = true;
  }

  private Grown own(Sequence sequence) {
    Grown grown = cast(sequence);
    require(!grown.released, "the sequence is released");
    return grown;
  }

  @SuppressWarnings("unchecked") // a session's sequences have the type of its states
  private Grown cast(Sequence sequence) {
    require(
        sequence instanceof StateSession<?>.Grown grown && grown.session() == this,
        "the sequence is not one of this session");
    return (Grown) sequence;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  private final class Grown implements Sequence {
    private final @Nullable Grown parent;
    private final int room;
    private S state;
    private int length; // without the parent's
    private int users = 1; // this sequence until its release, and those that continue it
    private boolean continued;
    private boolean released;

    Grown(@Nullable Grown parent, S state, int room) {
      requireOpen();
      require(room >= 0, "a sequence cannot reserve " + room + " tokens");
      require(room <= free(), "no room for " + room + " tokens: " + free() + " are left");
      this.parent = parent;
      this.state = state;
      this.room = room;
      reserved += room;
      if (parent != null) {
        parent.continued = true;
        parent.users++;
      }
    }

    StateSession<S> session() {
      return StateSession.this;
    }

    @Override
    public int length() {
      return length + (parent == null ? 0 : parent.length());
    }

    void requireRoomFor(ImmutableIntArray tokens) {
      require(!continued, "another sequence continues this one");
      require(!tokens.isEmpty(), "there is no token to append");
      require(
          length + tokens.length() <= room,
          "the sequence has reserved " + room + " tokens, not " + (length + tokens.length()));
      tokens.forEach(
          id ->
              require(
                  id >= 0 && id < vocabularySize(),
                  "the token id " + id + " is not in [0, " + vocabularySize() + ")"));
    }

    NextToken append(ImmutableIntArray tokens) {
      tokens.forEach(token -> state = model.read(state, token));
      length += tokens.length();
      return model.next(state);
    }

    void release() {
      if (!released) {
        released = true;
        leave();
      }
    }

    private void leave() {
      if (--users == 0) {
        reserved -= room;
        if (parent != null) {
          parent.leave();
        }
      }
    }
  }
}
