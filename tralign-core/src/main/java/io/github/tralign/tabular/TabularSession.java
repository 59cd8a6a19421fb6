package io.github.tralign.tabular;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.policy.Openness;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Generation with a table: the logits of a sequence are the row of its last token. */
final class TabularSession implements DecodingSession {

  private final Openness model;
  private final Openness open = new Openness("the session");
  private final int vocabularySize;
  private final Supplier<double[]> table; // [V · V], as it is at the time of a call
  private final long capacity;
  private long reserved;

  TabularSession(Openness model, int vocabularySize, Supplier<double[]> table, long capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("cacheTokens must be at least 1, not " + capacity);
    }
    this.model = model;
    this.vocabularySize = vocabularySize;
    this.table = table;
    this.capacity = capacity;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
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
    return new Grown(null, tokens);
  }

  @Override
  public Sequence fork(Sequence parent, int tokens) {
    return new Grown(own(parent), tokens);
  }

  @Override
  public List<NextToken> append(List<Extension> extensions) {
    requireOpen();
    Set<Sequence> distinct = new HashSet<>();
    for (Extension extension : extensions) {
      own(extension.sequence()).requireRoomFor(extension.tokens());
      require(distinct.add(extension.sequence()), "a sequence occurs twice in a pass");
    }
    List<NextToken> next = new ArrayList<>();
    for (Extension extension : extensions) {
      int length = extension.tokens().length();
      own(extension.sequence()).length += length;
      next.add(after(extension.tokens().get(length - 1)));
    }
    return next;
  }

  private NextToken after(int token) {
    double[] values = table.get();
    int row = token * vocabularySize;
    float[] logits = new float[vocabularySize];
    for (int v = 0; v < vocabularySize; v++) {
      logits[v] = (float) values[row + v];
    }
    return new NextToken(logits, TabularPolicy.logSum(values, row, vocabularySize, 1));
  }

  @Override
  public void release(Sequence sequence) {
    requireOpen();
    ((Grown) sequence).release();
  }

  @Override
  public void close() {
    open.close(() -> {});
  }

  private Grown own(Sequence sequence) {
    Grown grown = (Grown) sequence;
    require(!grown.released, "the sequence is released");
    return grown;
  }

  private void requireOpen() {
    open.require();
    model.require();
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  private final class Grown implements Sequence {
    private final @Nullable Grown parent;
    private final int room;
    private int length; // without the parent's
    private int users = 1; // this sequence until its release, and those that continue it
    private boolean continued;
    private boolean released;

    Grown(@Nullable Grown parent, int room) {
      requireOpen();
      require(room >= 0, "a sequence cannot reserve " + room + " tokens");
      require(room <= free(), "no room for " + room + " tokens: " + free() + " are left");
      this.parent = parent;
      this.room = room;
      reserved += room;
      if (parent != null) {
        parent.continued = true;
        parent.users++;
      }
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
                  id >= 0 && id < vocabularySize,
                  "the token id " + id + " is not in [0, " + vocabularySize + ")"));
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
