package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.random.L64X128Mix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A session whose logits are random numbers made from all tokens of a sequence. Each sequence has a
 * region of its own in the cache, so room can be left that is too scattered to be used. It checks
 * how it is used, and records each pass.
 */
final class FakeSession implements DecodingSession {

  static final int VOCABULARY = 11;

  private final long capacity;
  private final int maxLength;
  private final NavigableMap<Long, Integer> regions = new TreeMap<>(); // room by start

  /** The tokens that each sequence of a pass appended, by pass. */
  final List<List<Integer>> passes = new ArrayList<>();

  /** Thrown by the next pass. */
  @Nullable RuntimeException failure;

  /** Whether all logits are NaN from now on. */
  boolean damaged;

  FakeSession(long capacity) {
    this(capacity, 1000);
  }

  FakeSession(long capacity, int maxLength) {
    this.capacity = capacity;
    this.maxLength = maxLength;
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public long free() {
    return holes().values().stream().mapToLong(hole -> hole).max().orElse(0);
  }

  /** Room by start. */
  private NavigableMap<Long, Long> holes() {
    NavigableMap<Long, Long> holes = new TreeMap<>();
    long end = 0;
    for (Map.Entry<Long, Integer> region : regions.entrySet()) {
      holes.put(end, region.getKey() - end);
      end = region.getKey() + region.getValue();
    }
    holes.put(end, capacity - end);
    return holes;
  }

  @Override
  public Sequence open(int reserved) {
    return new Fake(null, reserved);
  }

  @Override
  public Sequence fork(Sequence parent, int reserved) {
    return new Fake((Fake) parent, reserved);
  }

  @Override
  public List<NextToken> append(List<Extension> extensions) {
    assertThat(extensions).isNotEmpty().extracting(Extension::sequence).doesNotHaveDuplicates();
    if (failure != null) {
      RuntimeException thrown = failure;
      failure = null;
      throw thrown;
    }
    passes.add(extensions.stream().map(it -> it.tokens().length()).toList());
    return extensions.stream().map(it -> ((Fake) it.sequence()).append(it)).toList();
  }

  @Override
  public void release(Sequence sequence) {
    Fake fake = (Fake) sequence;
    assertThat(regions).containsKey(fake.start);
    assertThat(fake.children).as("children that are in use").isZero();
    regions.remove(fake.start);
    if (fake.parent != null) {
      fake.parent.children--;
    }
  }

  @Override
  public void close() {}

  private final class Fake implements Sequence {
    final long start;
    final @Nullable Fake parent;
    private final int reserved;
    private int children;
    private int own;
    private long state;

    Fake(@Nullable Fake parent, int reserved) {
      assertThat((long) reserved).isLessThanOrEqualTo(free());
      this.parent = parent;
      this.reserved = reserved;
      start =
          holes().entrySet().stream()
              .filter(hole -> hole.getValue() >= reserved)
              .findFirst()
              .orElseThrow()
              .getKey();
      regions.put(start, reserved);
      if (parent != null) {
        parent.children++;
        state = parent.state;
      }
    }

    @Override
    public int length() {
      return own + (parent == null ? 0 : parent.length());
    }

    NextToken append(Extension extension) {
      assertThat(regions).containsKey(start);
      assertThat(children).isZero();
      own += extension.tokens().length();
      assertThat(own).isLessThanOrEqualTo(reserved);
      assertThat(length()).isLessThanOrEqualTo(maxLength);
      extension.tokens().forEach(token -> state = new L64X128Mix(state + token).nextLong());
      float[] logits = new float[VOCABULARY];
      L64X128Mix random = new L64X128Mix(state);
      for (int i = 0; i < VOCABULARY; i++) {
        logits[i] = damaged ? Float.NaN : (float) (4 * random.nextDouble());
      }
      return new NextToken(logits, 5);
    }
  }
}
