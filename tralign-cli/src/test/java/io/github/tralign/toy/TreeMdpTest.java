package io.github.tralign.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.recurrent.RecurrentPolicy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TreeMdpTest {

  private static final TreeMdp TREE = new TreeMdp(3, 4);

  @Property(tries = 50)
  void the_probabilities_of_all_sequences_add_up_to_one(
      @ForAll @IntRange(min = 2, max = 4) int actions,
      @ForAll @IntRange(min = 1, max = 4) int depth,
      @ForAll long seed) {
    TreeMdp tree = new TreeMdp(actions, depth);
    double[] probabilities =
        tree.probabilities(RecurrentPolicy.random(actions, 5, new Random(seed)));
    assertThat(probabilities).hasSize((int) Math.pow(actions, depth));
    assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void a_sequence_has_the_probability_that_the_policy_scores_it_with() {
    RecurrentPolicy policy = RecurrentPolicy.random(3, 5, new Random(1));
    double[] probabilities = TREE.probabilities(policy);
    for (int leaf = 0; leaf < TREE.leaves(); leaf++) {
      Example sequence = Example.demonstration(new int[] {0}, TREE.sequence(leaf));
      double logp = policy.score(PreferenceBatch.of(sequence)).sum(0, 0);
      assertThat(probabilities[leaf]).isCloseTo(Math.exp(logp), within(1e-14));
    }
  }

  @Test
  void each_leaf_has_one_sequence() {
    Set<String> sequences = new HashSet<>();
    for (int leaf = 0; leaf < TREE.leaves(); leaf++) {
      assertThat(TREE.leaf(TREE.sequence(leaf))).isEqualTo(leaf);
      sequences.add(Arrays.toString(TREE.sequence(leaf)));
    }
    assertThat(sequences).hasSize(81);
  }

  @Property(tries = 200)
  void a_pair_parts_where_it_is_asked_to(
      @ForAll @IntRange(min = 0, max = 3) int shared, @ForAll long seed) {
    Example pair = TREE.pair(new Random(seed), shared);
    int[] chosen = pair.chosen().toArray();
    int[] rejected = pair.rejected().toArray();
    assertThat(Arrays.mismatch(chosen, rejected)).isEqualTo(shared);
    assertThat(rejected).hasSize(4);
  }

  @Test
  void what_is_not_in_the_data_is_reported_by_where_it_leaves_the_chosen_sequence() {
    RecurrentPolicy policy = RecurrentPolicy.random(3, 5, new Random(1));
    int[] chosen = {0, 1, 2, 0};
    int[] rejected = {0, 2, 2, 0};
    double[] probabilities = TREE.probabilities(policy);
    Leaves leaves = Leaves.of(TREE, policy, Example.pair(new int[] {0}, chosen, rejected));
    double before = 0;
    double behind = 0;
    for (int leaf = 0; leaf < TREE.leaves(); leaf++) {
      int[] sequence = TREE.sequence(leaf);
      before += sequence[0] == 0 ? 0 : probabilities[leaf];
      behind += sequence[0] == 0 && sequence[1] == 1 ? probabilities[leaf] : 0;
    }
    assertThat(leaves.chosen()).isEqualTo(probabilities[TREE.leaf(chosen)]);
    assertThat(leaves.rejected()).isEqualTo(probabilities[TREE.leaf(rejected)]);
    assertThat(leaves.beforeFork()).isCloseTo(before, within(1e-12));
    assertThat(leaves.behindFork()).isCloseTo(behind - leaves.chosen(), within(1e-12));
    assertThat(leaves.outOfData() + leaves.chosen() + leaves.rejected())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void a_tree_without_branches_or_depth_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new TreeMdp(1, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> new TreeMdp(3, 0));
  }
}
