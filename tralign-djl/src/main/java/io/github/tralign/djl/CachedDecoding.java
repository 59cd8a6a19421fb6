package io.github.tralign.djl;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.DecoderSpec;
import io.github.tralign.generate.DecodingSession;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Generates with a {@link DjlModel}. The model's own lock guards each call, so that the cache is
 * not used after the model is closed. Some weights are packed when the session is opened and others
 * are the model's own, so a session ends when these change.
 */
final class CachedDecoding implements DecodingSession {

  private final DjlModel model;
  private final Decoder decoder;
  private final DecoderSpec spec;
  private final KeyValueCache cache;
  private final int capacity;
  private final NDManager manager;
  private final int changes;
  private final Kernels.Opaque packed;
  private int free;
  private boolean closed;

  CachedDecoding(DjlModel model, long cacheTokens) {
    checkArgument(cacheTokens > 0, "the cache must have room for a token, not for %s", cacheTokens);
    this.model = model;
    decoder = model.decoder();
    spec = decoder.architecture().spec();
    capacity = (int) Math.min(cacheTokens, Integer.MAX_VALUE / 2);
    free = capacity;
    manager = decoder.manager().newSubManager();
    cache = allocate(cacheTokens);
    Parameters weights = model.tensors();
    changes = model.changes();
    packed =
        decoder
            .body()
            .toDecode(weights, weights.get(decoder.architecture().weights().head()), manager);
  }

  private KeyValueCache allocate(long cacheTokens) {
    try {
      return new KeyValueCache(spec, spare(capacity), decoder.kernels(), manager);
    } catch (ArithmeticException | EngineException e) {
      manager.close();
      InvalidSettingException failure =
          new InvalidSettingException(
              "cacheTokens",
              "memory cannot hold the keys and values of " + cacheTokens + " tokens; use fewer");
      failure.initCause(e);
      throw failure;
    }
  }

  /** With room for what {@link #detach} needs. It takes no memory until it is used. */
  private int spare(int tokens) {
    return spec.rotatesByLength() ? 2 * tokens : tokens;
  }

  @Override
  public int vocabularySize() {
    return decoder.architecture().vocabularySize();
  }

  @Override
  public int maxLength() {
    int longest = spec.rotatesByLength() ? Integer.MAX_VALUE : spec.rotaryBorder();
    long positions = decoder.architecture().weights().positions().orElse(Long.MAX_VALUE);
    return (int) Math.min(Math.min(model.maxLength(), longest), positions);
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public long free() {
    return free;
  }

  @Override
  public Sequence open(int reserved) {
    return sequence(null, reserved);
  }

  @Override
  public Sequence fork(Sequence parent, int reserved) {
    CachedSequence from = known(parent);
    checkArgument(from.parent() == null, "a sequence that continues another cannot be continued");
    return sequence(from, reserved);
  }

  private CachedSequence sequence(@Nullable CachedSequence parent, int reserved) {
    return model.open().call(() -> reserve(parent, reserved));
  }

  private CachedSequence reserve(@Nullable CachedSequence parent, int reserved) {
    requireOpen();
    checkArgument(reserved > 0, "a sequence must have room for a token, not for %s", reserved);
    checkArgument(reserved <= free, "no room for %s tokens, but for %s", reserved, free);
    CachedSequence sequence = new CachedSequence(parent, cache.reserve(reserved), reserved);
    free -= reserved;
    return sequence;
  }

  @Override
  public List<NextToken> append(List<Extension> extensions) {
    checkArgument(!extensions.isEmpty(), "nothing to append");
    return model.open().call(() -> appendAll(extensions));
  }

  private List<NextToken> appendAll(List<Extension> extensions) {
    requireOpen();
    if (model.changes() != changes) {
      throw new IllegalStateException(
          "the model's weights have changed since the session was opened; open another");
    }
    Set<Sequence> extended = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Extension extension : extensions) {
      CachedSequence sequence = known(extension.sequence());
      checkArgument(extended.add(sequence), "a sequence cannot be extended twice in one call");
      checkArgument(!sequence.hasChildren(), "a sequence that others continue cannot grow");
      check(extension.tokens(), sequence);
    }
    CachedPass pass = new CachedPass(spec);
    int added = 0;
    try {
      for (Extension extension : extensions) {
        add(known(extension.sequence()), extension.tokens(), pass);
        added++;
      }
      return compute(pass, extensions.size());
    } catch (RuntimeException e) {
      extensions
          .subList(0, added)
          .forEach(it -> known(it.sequence()).shorten(it.tokens().length()));
      throw e;
    }
  }

  private void check(ImmutableIntArray tokens, CachedSequence sequence) {
    checkArgument(!tokens.isEmpty(), "no tokens to append");
    checkArgument(
        tokens.length() <= sequence.left(),
        "the sequence has room for %s tokens, not for %s",
        sequence.left(),
        tokens.length());
    int length = sequence.length() + tokens.length();
    checkArgument(
        length <= maxLength(), "%s tokens are more than the model's %s", length, maxLength());
    tokens.forEach(
        it ->
            checkArgument(
                it >= 0 && it < vocabularySize(),
                "token id %s is not below the vocabulary size, %s",
                it,
                vocabularySize()));
  }

  /** Where a sequence gets too long for its rotation, all of it is computed again. */
  private void add(CachedSequence sequence, ImmutableIntArray tokens, CachedPass pass) {
    int before = sequence.length();
    sequence.add(tokens);
    boolean isLong = spec.rotatesByLength() && sequence.length() > spec.rotaryBorder();
    boolean again = isLong && before > 0 && before <= spec.rotaryBorder();
    if (again && sequence.parent() != null) {
      detach(sequence);
    }
    pass.add(sequence, again ? 0 : before, isLong);
  }

  /** Gives a sequence copies of the tokens that others rotate otherwise. */
  private void detach(CachedSequence sequence) {
    KeyValueCache.Region old = sequence.region();
    CachedSequence parent = requireNonNull(sequence.parent());
    sequence.detach(cache.reserve(sequence.length() + sequence.left()));
    cache.release(old);
    releaseChild(parent);
  }

  private List<NextToken> compute(CachedPass pass, int sequences) {
    return model.inScope(
        scope -> {
          Parameters weights = model.tensors();
          NDArray embedded =
              decoder
                  .body()
                  .embed(scope.create(pass.ids()), scope.create(pass.positions()), weights);
          NDList results = decoder.body().decode(embedded, pass, cache, packed);
          // A direct buffer, so that there is no second copy of all logits.
          FloatBuffer all = ((PtNDArray) results.get(0)).toByteBuffer(true).asFloatBuffer();
          float[] sums = results.get(1).toFloatArray();
          ImmutableList.Builder<NextToken> next = ImmutableList.builder();
          for (int i = 0; i < sequences; i++) {
            float[] logits = new float[vocabularySize()];
            all.get(logits);
            next.add(new NextToken(logits, sums[i]));
          }
          return next.build();
        });
  }

  @Override
  public void release(Sequence sequence) {
    requireOpen();
    CachedSequence released = of(sequence);
    if (!released.isReleased()) {
      released.release();
      freeIfUnused(released);
    }
  }

  private void releaseChild(CachedSequence parent) {
    parent.releaseChild();
    if (parent.isReleased()) {
      freeIfUnused(parent);
    }
  }

  private void freeIfUnused(CachedSequence released) {
    if (!released.hasChildren()) {
      cache.release(released.region());
      free += released.reserved();
      if (released.parent() != null) {
        releaseChild(released.parent());
      }
    }
  }

  private static CachedSequence of(Sequence sequence) {
    requireNonNull(sequence, "sequence");
    checkArgument(sequence instanceof CachedSequence, "not a sequence of this session");
    return (CachedSequence) sequence;
  }

  private static CachedSequence known(Sequence sequence) {
    CachedSequence cached = of(sequence);
    checkArgument(!cached.isReleased(), "the sequence was released");
    return cached;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      manager.close();
    }
  }
}
