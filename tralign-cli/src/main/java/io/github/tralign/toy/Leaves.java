package io.github.tralign.toy;

import io.github.tralign.data.Example;
import io.github.tralign.recurrent.RecurrentPolicy;

/**
 * How the probability of all sequences is distributed relative to a preference pair.
 *
 * @param chosen probability of the chosen sequence
 * @param rejected probability of the rejected sequence
 * @param beforeFork probability of other sequences that diverge from the chosen one before the
 *     rejected one does
 * @param atFork probability of those that diverge from it where the rejected one does
 * @param behindFork probability of those that diverge from it later than the rejected one
 */
record Leaves(double chosen, double rejected, double beforeFork, double atFork, double behindFork) {

  /** By enumeration of every leaf. */
  static Leaves of(TreeMdp tree, RecurrentPolicy policy, Example pair) {
    int[] chosen = pair.chosen().toArray();
    int[] rejected = pair.rejected().toArray();
    int fork = common(chosen, rejected);
    double[] probabilities = tree.probabilities(policy);
    double[] parted = new double[3]; // before, at, behind
    for (int leaf = 0; leaf < probabilities.length; leaf++) {
      if (leaf != tree.leaf(chosen) && leaf != tree.leaf(rejected)) {
        int place = common(tree.sequence(leaf), chosen);
        parted[1 + Integer.signum(place - fork)] += probabilities[leaf];
      }
    }
    return new Leaves(
        probabilities[tree.leaf(chosen)],
        probabilities[tree.leaf(rejected)],
        parted[0],
        parted[1],
        parted[2]);
  }

  /** Probability of everything that is not in the data. */
  double outOfData() {
    return beforeFork + atFork + behindFork;
  }

  private static int common(int[] one, int[] other) {
    int length = 0;
    while (length < one.length && one[length] == other[length]) {
      length++;
    }
    return length;
  }
}
