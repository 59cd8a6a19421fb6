package io.github.tralign.train;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.cache.CacheKey;
import io.github.tralign.cache.CacheReader;
import io.github.tralign.data.Example;
import io.github.tralign.policy.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The log-probabilities of a fixed reference, kept from run to run.
 *
 * <p>They are found by the weights, by what is scored, in its order, and by how it is packed: the
 * same log-probabilities, to the last bit, as those that would be computed.
 */
final class ReferenceStore {

  private static final String KIND = "reference";

  /** To be raised when what is stored, or how, changes. */
  private static final int RULES = 1;

  private final CacheFolder folder;
  private final CacheKey key;

  private ReferenceStore(CacheFolder folder, CacheKey key) {
    this.folder = folder;
    this.key = key;
  }

  /** A store for some batches; empty where the policy cannot tell its weights from others. */
  static Optional<ReferenceStore> of(
      CacheFolder folder, Policy policy, List<KeyedBatch> batches, int microBatchTokens) {
    String version = ReferenceStore.class.getPackage().getImplementationVersion();
    return policy
        .fingerprint()
        .map(
            weights ->
                new CacheKey(KIND + " " + RULES + " " + version)
                    .with("weights", weights)
                    .with("micro-batch tokens", microBatchTokens)
                    .with("batches", hash(batches)))
        .map(key -> new ReferenceStore(folder, key));
  }

  /** The log-probabilities of each completion by the example's key; empty if none are kept. */
  Map<Long, double[]> read() {
    return folder.read(KIND, key).map(ReferenceStore::scores).orElse(Map.of());
  }

  private static Map<Long, double[]> scores(CacheReader reader) {
    try (reader) {
      Map<Long, double[]> scores = new HashMap<>();
      for (int left = reader.getInt(); left > 0; left--) {
        scores.put(reader.getLong(), reader.getDoubles());
      }
      return scores;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(Map<Long, double[]> scores) {
    folder.write(
        KIND,
        key,
        out -> {
          out.putInt(scores.size());
          for (Map.Entry<Long, double[]> entry : scores.entrySet()) {
            out.putLong(entry.getKey());
            out.putDoubles(entry.getValue());
          }
        });
  }

  private static String hash(List<KeyedBatch> batches) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (KeyedBatch batch : batches) {
      hasher.putInt(batch.keys().length);
      for (int i = 0; i < batch.keys().length; i++) {
        Example example = batch.batch().examples().get(i);
        hasher.putLong(batch.keys()[i]).putInt(example.completions().size());
        put(hasher, example.prompt());
        example.completions().forEach(completion -> put(hasher, completion));
      }
    }
    return hasher.hash().toString();
  }

  private static void put(Hasher hasher, ImmutableIntArray tokens) {
    hasher.putInt(tokens.length()); // so that tokens cannot move from one part to the next
    tokens.forEach(hasher::putInt);
  }
}
