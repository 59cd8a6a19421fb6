package io.github.tralign;

import io.github.tralign.loss.AlphapoLoss;
import io.github.tralign.loss.AotLoss;
import io.github.tralign.loss.AotUnpairedLoss;
import io.github.tralign.loss.ApoDownLoss;
import io.github.tralign.loss.ApoZeroLoss;
import io.github.tralign.loss.ApoZeroUnpairedLoss;
import io.github.tralign.loss.BcoLoss;
import io.github.tralign.loss.BcoPairLoss;
import io.github.tralign.loss.BcoPairShiftLoss;
import io.github.tralign.loss.BetaDpoLoss;
import io.github.tralign.loss.CalDpoLoss;
import io.github.tralign.loss.CpoHingeLoss;
import io.github.tralign.loss.CpoIpoLoss;
import io.github.tralign.loss.CpoLoss;
import io.github.tralign.loss.DiscopopLoss;
import io.github.tralign.loss.DpoLoss;
import io.github.tralign.loss.DpoNormLoss;
import io.github.tralign.loss.DpopLoss;
import io.github.tralign.loss.ExoLoss;
import io.github.tralign.loss.HingeLoss;
import io.github.tralign.loss.IpoLoss;
import io.github.tralign.loss.IpoMeanLoss;
import io.github.tralign.loss.KtoLoss;
import io.github.tralign.loss.KtoPairLoss;
import io.github.tralign.loss.NcaLoss;
import io.github.tralign.loss.OdpoLoss;
import io.github.tralign.loss.OrpoLoss;
import io.github.tralign.loss.RobustLoss;
import io.github.tralign.loss.RpoBwdKlLoss;
import io.github.tralign.loss.RpoFwdKlLoss;
import io.github.tralign.loss.RpoSqLoss;
import io.github.tralign.loss.SftLoss;
import io.github.tralign.loss.SimpoLoss;
import io.github.tralign.loss.SlicLoss;
import io.github.tralign.loss.SppoHardLoss;
import io.github.tralign.loss.SppoLoss;
import io.github.tralign.loss.Tdpo1Loss;
import io.github.tralign.loss.Tdpo2Loss;
import io.github.tralign.reference.DistanceUpdate;
import io.github.tralign.reference.EpochUpdate;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.HardUpdate;
import io.github.tralign.reference.MixedUpdate;
import io.github.tralign.reference.SoftUpdate;

/**
 * The door to the library: every loss and every reference rule by the name that the field uses.
 *
 * <pre>{@code
 * Trainer.builder().policy(policy).data(pairs).loss(TR.dpo(0.05)).reference(soft(0.6)).build()
 * }</pre>
 *
 * <p>A loss with {@link #soft} or {@link #hard} is the TR form of it (arXiv 2404.09656): TR-DPO is
 * {@code dpo} with either; with {@link #fixed} it is the vanilla one. Every rule can begin gently,
 * {@code soft(0.6).warmup(100)}, or late, {@code hard(512).from(1000)}.
 *
 * <p>A setting outside the range that its method names is an {@link IllegalArgumentException} with
 * the setting's name, its range and the value; all must be finite. The class of the loss or rule
 * has its equation, its derivative and where it comes from in full.
 */
public final class TR {

  private TR() {}

  /**
   * Direct preference optimization (arXiv 2305.18290), with {@code beta} &gt; 0; see {@link
   * DpoLoss}.
   */
  public static DpoLoss dpo(double beta) {
    return new DpoLoss(beta, 0);
  }

  /**
   * Identity preference optimization on summed log-probabilities (arXiv 2310.12036), with {@code
   * beta} &gt; 0; see {@link IpoLoss}.
   */
  public static IpoLoss ipo(double beta) {
    return new IpoLoss(beta);
  }

  /**
   * Identity preference optimization on token means, with {@code beta} &gt; 0; see {@link
   * IpoMeanLoss}.
   */
  public static IpoMeanLoss ipoMean(double beta) {
    return new IpoMeanLoss(beta);
  }

  /**
   * Kahneman-Tversky optimization on completions labelled good or bad (arXiv 2402.01306), with
   * {@code beta} &gt; 0; see {@link KtoLoss}.
   */
  public static KtoLoss kto(double beta) {
    return new KtoLoss(beta, 1, 1);
  }

  /**
   * Provably robust DPO for a known share of wrong labels (arXiv 2403.00409), with {@code beta}
   * &gt; 0 and {@code labelSmoothing} in [0, 0.5); see {@link RobustLoss}.
   */
  public static RobustLoss robust(double beta, double labelSmoothing) {
    return new RobustLoss(beta, labelSmoothing);
  }

  /**
   * Hinge loss on the margin (arXiv 2305.10425), with {@code beta} &gt; 0; see {@link HingeLoss}.
   */
  public static HingeLoss hinge(double beta) {
    return new HingeLoss(beta);
  }

  /**
   * Length-normalized DPO (arXiv 2411.15124), with {@code beta} &gt; 0; see {@link DpoNormLoss}.
   */
  public static DpoNormLoss dpoNorm(double beta) {
    return new DpoNormLoss(beta);
  }

  /**
   * Efficient exact optimization, smoothed by 0.001 (arXiv 2402.00856), with {@code beta} &gt; 0;
   * see {@link ExoLoss}.
   */
  public static ExoLoss exo(double beta) {
    return new ExoLoss(beta, 1e-3);
  }

  /**
   * Noise contrastive alignment (arXiv 2402.05369), with {@code beta} &gt; 0; see {@link NcaLoss}.
   */
  public static NcaLoss nca(double beta) {
    return new NcaLoss(beta);
  }

  /**
   * Binary classifier optimization on pairs, without a shift (arXiv 2404.04656), with {@code beta}
   * &gt; 0; see {@link BcoPairLoss}.
   */
  public static BcoPairLoss bcoPair(double beta) {
    return new BcoPairLoss(beta);
  }

  /**
   * Self-play preference optimization with hard labels (arXiv 2405.00675), with {@code beta} &gt;
   * 0; see {@link SppoHardLoss}.
   */
  public static SppoHardLoss sppoHard(double beta) {
    return new SppoHardLoss(beta);
  }

  /**
   * Self-play preference optimization with win probabilities (arXiv 2405.00675), with {@code beta}
   * &gt; 0; see {@link SppoLoss}.
   */
  public static SppoLoss sppo(double beta) {
    return new SppoLoss(beta);
  }

  /**
   * Anchored preference optimization, zero (arXiv 2408.06266), with {@code beta} &gt; 0; see {@link
   * ApoZeroLoss}.
   */
  public static ApoZeroLoss apoZero(double beta) {
    return new ApoZeroLoss(beta);
  }

  /**
   * Anchored preference optimization, down (arXiv 2408.06266), with {@code beta} &gt; 0; see {@link
   * ApoDownLoss}.
   */
  public static ApoDownLoss apoDown(double beta) {
    return new ApoDownLoss(beta);
  }

  /** DiscoPOP at 0.05 (arXiv 2406.08414), with {@code beta} &gt; 0; see {@link DiscopopLoss}. */
  public static DiscopopLoss discopop(double beta) {
    return new DiscopopLoss(beta, 0.05);
  }

  /**
   * DPO offset by the logarithm of the margin (arXiv 2402.10571), with {@code beta} &gt; 0; see
   * {@link OdpoLoss}.
   */
  public static OdpoLoss odpo(double beta) {
    return new OdpoLoss(beta, 1, OdpoLoss.Offset.LOG);
  }

  /** DPO-Positive, penalty 50 (arXiv 2402.13228), with {@code beta} &gt; 0; {@link DpopLoss}. */
  public static DpopLoss dpop(double beta) {
    return new DpopLoss(beta, 50);
  }

  /**
   * Calibrated DPO with the calibration counted half (arXiv 2412.14516), with {@code beta} &gt; 0;
   * see {@link CalDpoLoss}.
   */
  public static CalDpoLoss calDpo(double beta) {
    return new CalDpoLoss(beta, 0.5);
  }

  /**
   * Reward-aware preference optimization, backward KL (arXiv 2502.00203), with {@code beta} &gt; 0;
   * see {@link RpoBwdKlLoss}.
   */
  public static RpoBwdKlLoss rpoBwdKl(double beta) {
    return new RpoBwdKlLoss(beta, 1);
  }

  /**
   * Reward-aware preference optimization, forward KL (arXiv 2502.00203), with {@code beta} &gt; 0;
   * see {@link RpoFwdKlLoss}.
   */
  public static RpoFwdKlLoss rpoFwdKl(double beta) {
    return new RpoFwdKlLoss(beta, 1);
  }

  /**
   * Reward-aware preference optimization, squared distance (arXiv 2502.00203), with {@code beta}
   * &gt; 0; see {@link RpoSqLoss}.
   */
  public static RpoSqLoss rpoSq(double beta) {
    return new RpoSqLoss(beta, 1);
  }

  /**
   * Anchored preference optimization on labelled completions (arXiv 2408.06266), with {@code beta}
   * &gt; 0; see {@link ApoZeroUnpairedLoss}.
   */
  public static ApoZeroUnpairedLoss apoZeroUnpaired(double beta) {
    return new ApoZeroUnpairedLoss(beta, 1, 1);
  }

  /**
   * Binary classifier optimization on labelled completions (arXiv 2404.04656), with {@code beta}
   * &gt; 0; see {@link BcoLoss}.
   */
  public static BcoLoss bco(double beta) {
    return new BcoLoss(beta);
  }

  /**
   * Binary classifier optimization on pairs with a running shift (arXiv 2404.04656), with {@code
   * beta} &gt; 0; see {@link BcoPairShiftLoss}.
   */
  public static BcoPairShiftLoss bcoPairShift(double beta) {
    return new BcoPairShiftLoss(beta);
  }

  /** Kahneman-Tversky optimization on pairs, with {@code beta} &gt; 0; see {@link KtoPairLoss}. */
  public static KtoPairLoss ktoPair(double beta) {
    return new KtoPairLoss(beta, false);
  }

  /**
   * Alignment via optimal transport on pairs (arXiv 2406.05882), with {@code beta} &gt; 0; see
   * {@link AotLoss}.
   */
  public static AotLoss aot(double beta) {
    return new AotLoss(beta, 0);
  }

  /**
   * Alignment via optimal transport without the pairing (arXiv 2406.05882), with {@code beta} &gt;
   * 0; see {@link AotUnpairedLoss}.
   */
  public static AotUnpairedLoss aotUnpaired(double beta) {
    return new AotUnpairedLoss(beta, 0);
  }

  /**
   * DPO with a β that follows the data (arXiv 2407.08639), with {@code beta} &gt; 0; see {@link
   * BetaDpoLoss}.
   */
  public static BetaDpoLoss betaDpo(double beta) {
    return new BetaDpoLoss(beta, 0.6, 0.8, 0.9, 42);
  }

  /**
   * Token-level DPO in its first form (arXiv 2404.11999), with {@code beta} &gt; 0; see {@link
   * Tdpo1Loss}.
   */
  public static Tdpo1Loss tdpo1(double beta) {
    return new Tdpo1Loss(beta);
  }

  /**
   * Token-level DPO in its second form (arXiv 2404.11999), with {@code beta} &gt; 0; see {@link
   * Tdpo2Loss}.
   */
  public static Tdpo2Loss tdpo2(double beta) {
    return new Tdpo2Loss(beta, 0.5);
  }

  /**
   * Simple preference optimization, without a reference (arXiv 2405.14734), with {@code beta} &gt;
   * 0 and {@code gamma} ≥ 0; see {@link SimpoLoss}.
   */
  public static SimpoLoss simpo(double beta, double gamma) {
    return new SimpoLoss(beta, gamma, 0);
  }

  /**
   * SimPO with another shape of the reward, without a reference (arXiv 2501.03884), with {@code
   * beta} &gt; 0, {@code gamma} ≥ 0 and {@code alpha} finite; see {@link AlphapoLoss}.
   */
  public static AlphapoLoss alphapo(double beta, double gamma, double alpha) {
    return new AlphapoLoss(beta, gamma, alpha, 0);
  }

  /**
   * Contrastive preference optimization, without a reference (arXiv 2401.08417), with {@code beta}
   * &gt; 0; see {@link CpoLoss}.
   */
  public static CpoLoss cpo(double beta) {
    return new CpoLoss(beta, 0, 1);
  }

  /** CPO with a hinge, without a reference, with {@code beta} &gt; 0; see {@link CpoHingeLoss}. */
  public static CpoHingeLoss cpoHinge(double beta) {
    return new CpoHingeLoss(beta, 1);
  }

  /**
   * CPO with the square of IPO, without a reference, with {@code beta} &gt; 0; see {@link
   * CpoIpoLoss}.
   */
  public static CpoIpoLoss cpoIpo(double beta) {
    return new CpoIpoLoss(beta, 1);
  }

  /**
   * Odds ratio preference optimization, without a reference (arXiv 2403.07691), with {@code beta}
   * &gt; 0; see {@link OrpoLoss}.
   */
  public static OrpoLoss orpo(double beta) {
    return new OrpoLoss(beta);
  }

  /**
   * Sequence likelihood calibration, without a reference (arXiv 2305.10425), with {@code margin}
   * &gt; 0; see {@link SlicLoss}.
   */
  public static SlicLoss slic(double margin) {
    return new SlicLoss(margin, 0.1);
  }

  /** Supervised fine-tuning on one completion a prompt; see {@link SftLoss}. */
  public static SftLoss sft() {
    return new SftLoss();
  }

  /** The reference stays the initial policy. */
  public static FixedReference fixed() {
    return new FixedReference();
  }

  /**
   * After every step, mixes the share {@code alpha} of the policy in (arXiv 2404.09656), with
   * {@code alpha} in (0, 1]; see {@link SoftUpdate}.
   */
  public static SoftUpdate soft(double alpha) {
    return new SoftUpdate(alpha);
  }

  /**
   * Copies the policy every {@code tau} steps (arXiv 2404.09656), with {@code tau} ≥ 1; see {@link
   * HardUpdate}.
   */
  public static HardUpdate hard(long tau) {
    return new HardUpdate(tau);
  }

  /**
   * Copies the policy every {@code epochs} epochs, such as 1 or 0.5, with {@code epochs} &gt; 0;
   * see {@link EpochUpdate}.
   */
  public static EpochUpdate hardEpochs(double epochs) {
    return new EpochUpdate(epochs);
  }

  /**
   * Mixes every {@code tau} steps, as TRL does by default, with {@code alpha} in (0, 1] and {@code
   * tau} ≥ 1; see {@link MixedUpdate}.
   */
  public static MixedUpdate mixed(double alpha, long tau) {
    return new MixedUpdate(alpha, tau);
  }

  /**
   * Copies the policy when it is further than that from the reference, with {@code threshold} &gt;
   * 0; {@link DistanceUpdate}.
   */
  public static DistanceUpdate distance(double threshold) {
    return new DistanceUpdate(threshold);
  }
}
