package io.github.tralign.toy;

import io.github.tralign.data.Example;
import java.util.random.RandomGenerator;

/**
 * A token-level Markov decision process in the form of a tree: at each state the same number of
 * actions, each leading to a state of its own, and leaves where nothing more happens. A sequence is
 * a way from the root to a leaf; its tokens are the actions taken.
 *
 * <p>The root is the state after the prompt, which is the token 0, since a policy reads something
 * before it writes.
 *
 * @param actions at each state, ≥ 2
 * @param depth actions from the root to a leaf, ≥ 1
 */
record TreeMdp(int actions, int depth) {

  private static final int PROMPT = 0;

  TreeMdp {
    if (actions < 2 || depth < 1) {
      throw new IllegalArgumentException(
          "a tree needs 2 actions and depth 1 at least, not " + actions + " and " + depth);
    }
  }

  /** Number of sequences: actions to the power of depth. */
  int leaves() {
    return (int) Math.pow(actions, depth);
  }

  /** The actions to a leaf: its number's digits, the first action first. */
  int[] sequence(int leaf) {
    int[] sequence = new int[depth];
    for (int i = depth - 1, rest = leaf; i >= 0; i--, rest /= actions) {
      sequence[i] = rest % actions;
    }
    return sequence;
  }

  /** Where actions lead: the number of the leaf that has them as its digits. */
  int leaf(int[] sequence) {
    int leaf = 0;
    for (int action : sequence) {
      leaf = leaf * actions + action;
    }
    return leaf;
  }

  /**
   * Draws a preference pair that has its first actions in common and parts then; each such pair is
   * as likely as any other.
   *
   * @param sharedPrefix actions in common, in [0, depth)
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
    double[] leaves = new double[leaves()];
    descend(policy, policy.read(policy.initialState(), PROMPT), 0, 0, 0, leaves);
    return leaves;
  }

  private void descend(
      RecurrentPolicy policy,
      double[] state,
      int level,
      int node,
      double logProb,
      double[] leaves) {
    double[] next = policy.logProbs(state);
    for (int action = 0; action < actions; action++) {
      int child = node * actions + action;
      double childLogProb = logProb + next[action];
      if (level + 1 == depth) {
        leaves[child] = Math.exp(childLogProb);
      } else {
        descend(policy, policy.read(state, action), level + 1, child, childLogProb, leaves);
      }
    }
  }
}
