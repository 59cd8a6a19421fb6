package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tralign.TR;
import org.junit.jupiter.api.Test;

/** Which modifiers go together, in which order, and why the others do not. */
class ModifiersTest {

  private static final FDivergence JS = FDivergence.jensenShannon();

  /** A loss that weighs tokens itself. */
  private record Weighing() implements MarginLoss {
    @Override
    public String name() {
      return "weighing";
    }

    @Override
    public double rewardScale() {
      return 1;
    }

    @Override
    public TokenWeights tokenWeights() {
      return (example, completion, token) -> token;
    }

    @Override
    public double value(double h) {
      return -h;
    }

    @Override
    public double slope(double h) {
      return -1;
    }
  }

  /** A loss that reads the reference's distributions. */
  private record Diverging() implements MarginLoss {
    @Override
    public String name() {
      return "diverging";
    }

    @Override
    public double rewardScale() {
      return 1;
    }

    @Override
    public boolean usesDivergence() {
      return true;
    }

    @Override
    public double value(double h) {
      return -h;
    }

    @Override
    public double slope(double h) {
      return -1;
    }
  }

  @Test
  void these_go_together() {
    assertThat(TR.dpo(0.1).divergence(JS).wpo().name()).isEqualTo("dpo[js][wpo]");
    assertThat(TR.dpo(0.1).divergence(JS).lengthDesensitized(0.3).name()).isEqualTo("dpo[js][ld]");
    assertThat(TR.dpo(0.1).referenceFree().wpo().name()).isEqualTo("dpo[reference-free][wpo]");
    assertThat(TR.dpo(0.1).wpo().referenceFree().name()).isEqualTo("dpo[wpo][reference-free]");
    assertThat(TR.dpo(0.1).referenceFree().lengthDesensitized(0.3).name())
        .isEqualTo("dpo[reference-free][ld]");
    assertThat(TR.simpo(2, 0.5).wpo().name()).isEqualTo("simpo[wpo]");
    assertThat(TR.cpo(0.1).sftWeight(0).wpo().plus(TR.sft()).name()).isEqualTo("cpo[wpo] + sft");
    assertThat(TR.dpo(0.1).plus(TR.ipo(0.1)).lengthDesensitized(0.3).name())
        .isEqualTo("dpo + ipo[ld]");
  }

  @Test
  void no_modifier_goes_twice() {
    refused(
        () -> TR.dpo(0.1).wpo().wpo(),
        "the loss dpo[wpo] cannot be weighted by WPO: it already is");
    refused(
        () -> TR.dpo(0.1).divergence(JS).divergence(JS),
        "the loss dpo[js] cannot be combined with the divergence js: it already is");
    refused(
        () -> TR.dpo(0.1).referenceFree().wpo().referenceFree(),
        "the loss dpo[reference-free][wpo] cannot be made reference-free: it already is");
    refused(
        () -> TR.dpo(0.1).lengthDesensitized(0.3).lengthDesensitized(0.3),
        "the loss dpo[ld] cannot be made length-desensitized: it already weights tokens");
  }

  @Test
  void what_has_no_reference_cannot_diverge_from_it_nor_lose_it() {
    refused(
        () -> TR.simpo(2, 0.5).divergence(JS),
        "the loss simpo cannot be combined with the divergence js: it has no reference to diverge"
            + " from");
    refused(
        () -> TR.dpo(0.1).referenceFree().divergence(JS),
        "the loss dpo[reference-free] cannot be combined with the divergence js: it has no reference"
            + " to diverge from");
    refused(
        () -> TR.simpo(2, 0.5).referenceFree(),
        "the loss simpo cannot be made reference-free: it uses no reference");
    refused(
        () -> TR.dpo(0.1).divergence(JS).wpo().referenceFree(),
        "the loss dpo[js][wpo] cannot be made reference-free: its divergence requires a"
            + " reference");
  }

  @Test
  void what_weighs_by_log_probabilities_needs_them_as_they_are() {
    refused(
        () -> TR.dpo(0.1).wpo().divergence(JS),
        "the loss dpo[wpo] cannot be combined with the divergence js: its weights need"
            + " unmodified log-ratios");
    refused(
        () -> TR.dpo(0.1).wpo().lengthDesensitized(0.3),
        "the loss dpo[wpo] cannot be made length-desensitized: in the weights of WPO every token"
            + " counts 1");
  }

  @Test
  void what_depends_on_lengths_cannot_weigh_tokens() {
    for (AlignmentLoss loss :
        new AlignmentLoss[] {
          TR.ipoMean(0.1), TR.simpo(2, 0.5), TR.cpo(0.1), TR.orpo(0.1), TR.dpo(0.1).plus(TR.sft())
        }) {
      refused(
          () -> loss.lengthDesensitized(0.3),
          "the loss "
              + loss.name()
              + " cannot be made length-desensitized: it depends on lengths, in which every token"
              + " counts 1");
    }
    refused(
        () -> TR.dpo(0.1).plus(TR.ipoMean(0.1)).lengthDesensitized(0.3),
        "the loss dpo + ipo-mean cannot be made length-desensitized: it depends on lengths, in"
            + " which every token counts 1");
  }

  @Test
  void a_term_over_the_whole_batch_is_added_after_not_modified() {
    String reason =
        "it contains an SFT term, which is not a mean over pairs; add TR.sft() to the result instead";
    refused(() -> TR.cpo(0.1).wpo(), "the loss cpo cannot be weighted by WPO: " + reason);
    refused(() -> TR.orpo(0.1).wpo(), "the loss orpo cannot be weighted by WPO: " + reason);
  }

  @Test
  void what_reads_distributions_or_weighs_tokens_itself_is_left_alone() {
    for (PairwiseLoss loss : new PairwiseLoss[] {new Weighing(), new Diverging()}) {
      String reason =
          loss.usesDivergence()
              ? "it reads the reference's distributions"
              : "it weights tokens itself";
      String lead = "the loss " + loss.name() + " cannot be ";
      refused(() -> loss.wpo(), lead + "weighted by WPO: " + reason);
      refused(() -> loss.divergence(JS), lead + "combined with the divergence js: " + reason);
      refused(() -> loss.referenceFree(), lead + "made reference-free: " + reason);
    }
    refused(
        () -> new Weighing().lengthDesensitized(0.3),
        "the loss weighing cannot be made length-desensitized: it already weights tokens");
    refused(
        () -> new Diverging().lengthDesensitized(0.3),
        "the loss diverging cannot be made length-desensitized: in its divergences every token"
            + " counts 1");
  }

  private static void refused(Runnable combination, String message) {
    assertThatIllegalArgumentException().isThrownBy(combination::run).withMessage(message);
  }
}
