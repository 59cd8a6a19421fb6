package io.github.tralign.toy;

import io.github.tralign.data.Example;
import io.github.tralign.recurrent.RecurrentPolicy;
import io.github.tralign.recurrent.RecurrentStates;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A token-level Markov decision process in the form of a tree: every inner state has the same
 * number of actions, each of which leads to a different state, and leaves are final. A sequence is
 * a path from the root to a leaf; its tokens are the actions taken.
 *
 * <p>The root is the state after the prompt, token 0: a policy must read at least one token before
 * it generates.
 *
 * @param actions at each state, ≥ 2
 * @param depth actions from the root to a leaf, ≥ 1
 */
record TreeMdp(int actions, int depth) {

  private static final int PROMPT = 0;

  TreeMdp {
    if (actions < 2 || depth < 1) {
      throw new IllegalArgumentException(
          "a tree requires at least 2 actions and depth 1, not " + actions + " and " + depth);
    }
  }

  /** Number of sequences: actions to the power of depth. */
  int leaves() {
    return (int) Math.pow(actions, depth);
  }

  /** The actions that lead to a leaf: the digits of its number, most significant first. */
  int[] sequence(int leaf) {
    int[] sequence = new int[depth];
    for (int i = depth - 1, rest = leaf; i >= 0; i--, rest /= actions) {
      sequence[i] = rest % actions;
    }
    return sequence;
  }

  /** The leaf that actions lead to, the inverse of {@link #sequence}. */
  int leaf(int[] sequence) {
    int leaf = 0;
    for (int action : sequence) {
      leaf = leaf * actions + action;
    }
    return leaf;
  }

  /**
   * Draws a preference pair, uniformly among those that share exactly {@code sharedPrefix} first
   * actions.
   *
   * @param sharedPrefix in [0, depth)
   */
  Example pair(RandomGenerator random, int sharedPrefix) {
    int[] chosen = sequence(random.nextInt(leaves()));
    int[] rejected = chosen.clone();
    rejected[sharedPrefix] = (chosen[sharedPrefix] + 1 + random.nextInt(actions - 1)) % actions;
    for (int i = sharedPrefix + 1; i < depth; i++) {
      rejected[i] = random.nextInt(actions);
    }
    return Example.pair(new int[] {PROMPT}, chosen, rejected);
  }

  /** The probability of each sequence under a policy, by number; every state is computed once. */
  double[] probabilities(RecurrentPolicy policy) {
    RecurrentStates states = policy.start(1).read(PROMPT); // of a level's nodes
    double[] logProbs = {0};
    for (int level = 1; level <= depth; level++) {
      double[][] next = states.logProbs();
      double[] children = new double[logProbs.length * actions];
      for (int child = 0; child < children.length; child++) {
        int node = child / actions;
        children[child] = logProbs[node] + next[child % actions][node];
      }
      logProbs = children;
      if (level < depth) {
        int[] tokens = new int[children.length];
        Arrays.setAll(tokens, child -> child % actions);
        states = states.repeated(actions).read(tokens);
      }
    }
    return Arrays.stream(logProbs).map(Math::exp).toArray();
  }
}
