package io.github.tralign.policy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.Arrays;
import java.util.Optional;

/**
 * A batch in one part per rank: consecutive examples, with about as many packed tokens in each
 * part. A part has no examples where the batch has few, or a long one.
 *
 * @param batch the whole batch
 * @param first the first example of each part, and at the end the number of examples
 * @param tokens the completion tokens of each part
 */
record BatchParts(PreferenceBatch batch, int[] first, int[] tokens) {

  /** An example belongs to the part that the middle of its tokens falls into. */
  static BatchParts of(PreferenceBatch batch, int parts) {
    int[] first = new int[parts + 1];
    int[] tokens = new int[parts];
    ImmutableList<Example> examples = batch.examples();
    long all = batch.packedTokens();
    long before = 0;
    int part = 0;
    for (int i = 0; i < examples.size(); i++) {
      long length = examples.get(i).packedTokens();
      long of = Math.min(parts - 1L, (2 * before + length) * parts / (2 * all));
      while (part < of) {
        first[++part] = i;
      }
      tokens[part] += examples.get(i).completionTokens();
      before += length;
    }
    Arrays.fill(first, part + 1, parts + 1, examples.size());
    return new BatchParts(batch, first, tokens);
  }

  /** A rank's part; empty if it has no examples. */
  Optional<PreferenceBatch> part(int rank) {
    ImmutableList<Example> examples = batch.examples().subList(first[rank], first[rank + 1]);
    return examples.isEmpty() ? Optional.empty() : Optional.of(new PreferenceBatch(examples));
  }

  /** Of one number per completion token of the batch those of a rank's part. */
  double[] slice(double[] whole, int rank) {
    int start = Arrays.stream(tokens, 0, rank).sum();
    return Arrays.copyOfRange(whole, start, start + tokens[rank]);
  }
}
