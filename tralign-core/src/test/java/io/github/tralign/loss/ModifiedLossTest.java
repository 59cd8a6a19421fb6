package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tralign.TR;
import io.github.tralign.data.Example;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a modified loss, or a loss of a term, leaves as it is. */
class ModifiedLossTest {

  private static final List<Example> DATA = List.of(Losses.JUDGED_PAIR);

  /**
   * DPO that warns of every row, uses mismatched completions, and takes rows with a margin only.
   */
  private record Wary() implements PairwiseLoss {
    @Override
    public PairTerm at(ScoredPair pair) {
      return TR.dpo(0.1).at(pair);
    }

    @Override
    public double rewardScale() {
      return 0.1;
    }

    @Override
    public boolean hasReward() {
      return false;
    }

    @Override
    public boolean usesMismatched() {
      return true;
    }

    @Override
    public List<String> warnings(List<Example> data) {
      return List.of("wary of " + data.size());
    }

    @Override
    public void check(Example example) {
      if (example.judgement().margin().isEmpty()) {
        throw new IllegalArgumentException("no margin");
      }
    }

    @Override
    public String name() {
      return "wary";
    }
  }

  static Stream<AlignmentLoss> modified() {
    return Stream.of(new Wary().wpo(), new Wary().referenceFree(), new LdLoss(new Wary(), 0.5));
  }

  @ParameterizedTest
  @MethodSource("modified")
  void a_modified_loss_warns_and_checks_as_the_loss_does(AlignmentLoss loss) {
    assertThat(loss.warnings(DATA)).contains("wary of 1");
    Example plain = Example.pair(new int[1], new int[1], new int[1]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.check(plain))
        .withMessage("no margin");
    loss.check(Losses.JUDGED_PAIR);
  }

  @Test
  void terms_and_scale_are_those_of_the_loss() {
    ModifiedLoss free = TR.dpo(0.3).referenceFree();
    assertThat(free.rewardScale()).isEqualTo(0.3);
    ModifiedLoss weighted = TR.ipo(0.3).wpo();
    assertThat(weighted.rewardScale()).isEqualTo(TR.ipo(0.3).rewardScale());
    assertThat(TR.dpo(0.1).wpo().referenceFree().usesCollision()).isTrue();
  }

  @Test
  void the_scale_of_rewards_is_beta_or_one() {
    assertThat(TR.orpo(0.3).rewardScale()).isEqualTo(0.3);
    assertThat(TR.simpo(0.3, 1).rewardScale()).isEqualTo(0.3);
    assertThat(TR.alphapo(0.3, 1, 0.25).rewardScale()).isEqualTo(0.3);
    assertThat(TR.cpoIpo(0.3).rewardScale()).isEqualTo(0.3);
    assertThat(TR.slic(0.3).rewardScale()).isEqualTo(1);
  }

  @Test
  void weights_of_tokens_need_a_loss_of_pairs_and_pass_on_what_it_uses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LdLoss(TR.kto(0.1), 0.5))
        .withMessageContaining("it does not use pairs");
    assertThat(new LdLoss(new Wary(), 0.5).usesMismatched()).isTrue();
    assertThat(new LdLoss(TR.aot(0.1), 0.5).separable()).isFalse();
    assertThat(new LdLoss(new Wary(), 0.5).hasReward()).isFalse();
    assertThat(new LdLoss(TR.dpo(0.1), 0.5).hasReward()).isTrue();
    assertThat(TR.dpo(0.1).plus(TR.sft()).hasReward()).isTrue();
    assertThat(TR.sft().plus(TR.dpo(0.1)).hasReward()).isFalse();
  }

  @Test
  void a_loss_that_ranks_pairs_refuses_other_rows() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TR.aot(0.1).check(Example.demonstration(new int[1], new int[1])))
        .withMessageContaining("needs preference pairs");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TR.ktoPair(0.1).check(Example.demonstration(new int[1], new int[1])))
        .withMessageContaining("needs preference pairs");
  }
}
