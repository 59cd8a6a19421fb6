package io.github.tralign.generate;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;

/**
 * The tokens that a draw can give, by ascending id, with their probabilities.
 *
 * <p>Each filter keeps the largest logits, so a filter is a threshold, and the largest logit always
 * stays. Like transformers it compares probabilities in single precision, which decides about equal
 * ones at the border, and adds them in double precision.
 */
final class Candidates {

  private final float[] logits; // of the whole vocabulary
  private final int[] ids; // the first `size`
  private final double[] weights; // probabilities up to a factor; the largest is 1
  private int size;

  /**
   * The {@code topK} largest logits, with those equal to the last of them.
   *
   * @param max the largest logit, finite
   * @param topK 0 for all
   */
  Candidates(float[] logits, float max, double temperature, int topK) {
    this.logits = logits;
    float least = topK > 0 && topK < logits.length ? largest(topK) : Float.NEGATIVE_INFINITY;
    ids = new int[logits.length];
    weights = new double[logits.length];
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] >= least && logits[id] != Float.NEGATIVE_INFINITY) {
        ids[size] = id;
        weights[size++] = Math.exp(((double) logits[id] - max) / temperature);
      }
    }
  }

  /** The k-th largest logit. */
  private float largest(int k) {
    PriorityQueue<Float> top = new PriorityQueue<>(k);
    float least = Float.NEGATIVE_INFINITY; // the smallest of the top, once there are k
    for (float logit : logits) {
      if (top.size() < k) {
        top.add(logit);
        least = top.peek();
      } else if (logit > least) {
        top.remove();
        top.add(logit);
        least = top.peek();
      }
    }
    return least;
  }

  /** Drops the smallest as long as together they have at most the probability {@code 1 - p}. */
  Candidates topP(double p) {
    if (p == 1) {
      return this;
    }
    double total = total();
    // All below this together have at most 1 − p, so most of a vocabulary need not be sorted.
    double clear = (1 - p) * total / size;
    double below = 0;
    long[] order = new long[size];
    int sorted = 0;
    for (int i = 0; i < size; i++) {
      if (weights[i] < clear) {
        below += (float) (weights[i] / total);
      } else {
        order[sorted++] = rank(i);
      }
    }
    Arrays.sort(order, 0, sorted);
    int first = 0;
    while (first < sorted - 1) {
      below += (float) (weights[(int) order[first]] / total);
      if ((float) below > (float) (1 - p)) {
        break;
      }
      first++;
    }
    long least = order[first];
    return keep(i -> rank(i) >= least);
  }

  /** Sorts by logit, equal ones by id: the integer order of a float's bits, then the index. */
  private long rank(int i) {
    int bits = Float.floatToIntBits(logits[ids[i]] + 0f); // −0 becomes 0
    int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ordered << Integer.SIZE) | i;
  }

  /** Keeps those with at least this share of the largest probability. */
  Candidates minP(double share) {
    if (share == 0) {
      return this;
    }
    return keep(i -> (float) weights[i] >= (float) share);
  }

  private Candidates keep(IntPredicate kept) {
    int before = size;
    size = 0;
    for (int i = 0; i < before; i++) {
      if (kept.test(i)) {
        ids[size] = ids[i];
        weights[size++] = weights[i];
      }
    }
    return this;
  }

  /**
   * Draws one by its probability.
   *
   * @param uniform in [0, 1)
   */
  int draw(double uniform) {
    double left = uniform * total();
    int drawn = -1;
    for (int i = 0; i < size && left >= 0; i++) {
      if (weights[i] > 0) { // so that rounding never gives one without probability
        drawn = ids[i];
        left -= weights[i];
      }
    }
    return drawn;
  }

  private double total() {
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += weights[i];
    }
    return total;
  }

  /** The ids that are left, ascending. */
  int[] ids() {
    return Arrays.copyOf(ids, size);
  }

  /** Their probabilities, in the same order. */
  double[] probabilities() {
    double total = total();
    return Arrays.stream(weights, 0, size).map(weight -> weight / total).toArray();
  }
}
