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
 * Every loss and every reference rule, by the name used in the field.
 *
 * <pre>{@code
 * Trainer.builder().policy(policy).data(pairs).loss(TR.dpo(0.05)).reference(soft(0.6)).build()
 * }</pre>
 *
 * <p>A loss that uses a reference, combined with {@link #soft} or {@link #hard}, is the TR (Trust
 * Region) form of that loss (arXiv 2404.09656): {@code dpo} with {@code soft} is TR-DPO. With
 * {@link #fixed} it is the original method. Every rule can start gradually, {@code
 * soft(0.6).warmup(100)}, or late, {@code hard(512).from(1000)}.
 *
 * <p>In the formulas, {@code L_w} and {@code L_l} are the policy's log-probabilities of the chosen
 * and the rejected completion, {@code a} and {@code b} their log-ratios {@code log π − log π_ref},
 * {@code h = a − b}, and {@code NLL} is the negative log-likelihood per token of the chosen
 * completions. The returned class documents the equation, its derivative and source in full, and
 * has methods for further settings.
 *
 * <p>All arguments must be finite numbers and {@code beta} &gt; 0. A value outside its range is an
 * {@link IllegalArgumentException} with the name, the range and the value.
 */
public final class TR {

  private TR() {}

  /** Direct preference optimization (arXiv 2305.18290, equation 7): {@code −log σ(βh)}. */
  public static DpoLoss dpo(double beta) {
    return new DpoLoss(beta, 0);
  }

  /**
   * Identity preference optimization on summed log-probabilities (arXiv 2310.12036, equation 17):
   * {@code (h − 1/(2β))²}.
   */
  public static IpoLoss ipo(double beta) {
    return new IpoLoss(beta);
  }

  /**
   * Identity preference optimization on means per token, as in TRL: {@code (a/|y_w| − b/|y_l| −
   * 1/(2β))²}.
   */
  public static IpoMeanLoss ipoMean(double beta) {
    return new IpoMeanLoss(beta);
  }

  /**
   * Kahneman-Tversky optimization on labelled completions (arXiv 2402.01306): {@code 1 − σ(β(a −
   * z))} if desirable, {@code 1 − σ(β(z − a))} if not; z estimates the KL divergence on mismatched
   * completions.
   */
  public static KtoLoss kto(double beta) {
    return new KtoLoss(beta, 1, 1);
  }

  /**
   * Provably robust DPO for a known share ε of wrong labels (arXiv 2403.00409): {@code [−(1−ε) log
   * σ(βh) + ε log σ(−βh)] / (1−2ε)}, with {@code labelSmoothing} ε in [0, 0.5).
   */
  public static RobustLoss robust(double beta, double labelSmoothing) {
    return new RobustLoss(beta, labelSmoothing);
  }

  /** Hinge loss on the margin (arXiv 2305.10425): {@code max(0, 1 − βh)}. */
  public static HingeLoss hinge(double beta) {
    return new HingeLoss(beta);
  }

  /** Length-normalized DPO (arXiv 2411.15124): {@code −log σ(β(a/|y_w| − b/|y_l|))}. */
  public static DpoNormLoss dpoNorm(double beta) {
    return new DpoNormLoss(beta);
  }

  /**
   * Efficient exact optimization (arXiv 2402.00856, equation 16): {@code KL(σ(βh) ‖ 1−ε)}, with
   * label smoothing ε = 0.001.
   */
  public static ExoLoss exo(double beta) {
    return new ExoLoss(beta, 1e-3);
  }

  /**
   * Noise contrastive alignment (arXiv 2402.05369): {@code −log σ(βa) − ½ log σ(−βa) − ½ log
   * σ(−βb)}.
   */
  public static NcaLoss nca(double beta) {
    return new NcaLoss(beta);
  }

  /**
   * Binary classifier optimization on pairs, without a shift (arXiv 2404.04656): {@code −log σ(βa)
   * − log σ(−βb)}.
   */
  public static BcoPairLoss bcoPair(double beta) {
    return new BcoPairLoss(beta);
  }

  /**
   * Self-play preference optimization with hard labels (arXiv 2405.00675, equation 4.7): {@code (a
   * − 1/(2β))² + (b + 1/(2β))²}.
   */
  public static SppoHardLoss sppoHard(double beta) {
    return new SppoHardLoss(beta);
  }

  /**
   * Self-play preference optimization with win probabilities p (arXiv 2405.00675, equation 4.7):
   * {@code ½ (a − (p − ½)/β)² + ½ (b + (p − ½)/β)²}.
   */
  public static SppoLoss sppo(double beta) {
    return new SppoLoss(beta);
  }

  /**
   * Anchored preference optimization, "zero" (arXiv 2408.06266, equation 7): {@code 1 − σ(βa) +
   * σ(βb)}.
   */
  public static ApoZeroLoss apoZero(double beta) {
    return new ApoZeroLoss(beta);
  }

  /**
   * Anchored preference optimization, "down" (arXiv 2408.06266, equation 8): {@code σ(βa) + 1 −
   * σ(βh)}.
   */
  public static ApoDownLoss apoDown(double beta) {
    return new ApoDownLoss(beta);
  }

  /**
   * DiscoPOP with temperature 0.05 (arXiv 2406.08414, equation 5): a blend of the logistic and the
   * exponential loss of {@code βh}.
   */
  public static DiscopopLoss discopop(double beta) {
    return new DiscopopLoss(beta, 0.05);
  }

  /**
   * DPO with an offset (arXiv 2402.10571): {@code −log σ(βh − log Δr)}, with the margin Δr of the
   * rewards.
   */
  public static OdpoLoss odpo(double beta) {
    return new OdpoLoss(beta, 1, OdpoLoss.Offset.LOG);
  }

  /** DPO-Positive with penalty λ = 50 (arXiv 2402.13228): {@code −log σ(β(h − λ max(0, −a)))}. */
  public static DpopLoss dpop(double beta) {
    return new DpopLoss(beta, 50);
  }

  /**
   * Calibrated DPO with weight ½ (arXiv 2412.14516): {@code −log σ(h) + ½ [(a − 1/(2β))² + (b +
   * 1/(2β))²]}.
   */
  public static CalDpoLoss calDpo(double beta) {
    return new CalDpoLoss(beta, 0.5);
  }

  /**
   * Reward-aware preference optimization, backward KL (arXiv 2502.00203): {@code KL(σ(Δr) ‖
   * σ(βh))}.
   */
  public static RpoBwdKlLoss rpoBwdKl(double beta) {
    return new RpoBwdKlLoss(beta, 1);
  }

  /**
   * Reward-aware preference optimization, forward KL (arXiv 2502.00203): {@code KL(σ(βh) ‖ σ(Δr))}.
   */
  public static RpoFwdKlLoss rpoFwdKl(double beta) {
    return new RpoFwdKlLoss(beta, 1);
  }

  /**
   * Reward-aware preference optimization, squared distance (arXiv 2502.00203): {@code (βh − Δr)²}.
   */
  public static RpoSqLoss rpoSq(double beta) {
    return new RpoSqLoss(beta, 1);
  }

  /**
   * Anchored preference optimization on labelled completions (arXiv 2408.06266, equation 7): {@code
   * 1 − σ(βa)} if desirable, {@code σ(βa)} if not.
   */
  public static ApoZeroUnpairedLoss apoZeroUnpaired(double beta) {
    return new ApoZeroUnpairedLoss(beta, 1, 1);
  }

  /**
   * Binary classifier optimization on labelled completions (arXiv 2404.04656): {@code −log σ(βa −
   * δ)} if desirable, {@code −log σ(δ − βa)} if not; δ is the running mean of βa.
   */
  public static BcoLoss bco(double beta) {
    return new BcoLoss(beta);
  }

  /**
   * Binary classifier optimization on pairs with the running mean δ of the rewards (arXiv
   * 2404.04656): {@code −log σ(βa − δ) − log σ(δ − βb)}.
   */
  public static BcoPairShiftLoss bcoPairShift(double beta) {
    return new BcoPairShiftLoss(beta);
  }

  /**
   * Kahneman-Tversky optimization on pairs, as in turbo-alignment: {@code ½ (1 − σ(β(a − z_l))) + ½
   * (1 − σ(β(z_w − b)))}.
   */
  public static KtoPairLoss ktoPair(double beta) {
    return new KtoPairLoss(beta, false);
  }

  /**
   * Alignment via optimal transport on pairs (arXiv 2406.05882): the DPO loss between sorted
   * margins of policy and reference.
   */
  public static AotLoss aot(double beta) {
    return new AotLoss(beta, 0);
  }

  /**
   * Alignment via optimal transport without the pairing (arXiv 2406.05882): the DPO loss between
   * sorted log-ratios of chosen and rejected completions.
   */
  public static AotUnpairedLoss aotUnpaired(double beta) {
    return new AotUnpairedLoss(beta, 0);
  }

  /** DPO with a dynamic β (arXiv 2407.08639), with its authors' settings; random seed 42. */
  public static BetaDpoLoss betaDpo(double beta) {
    return new BetaDpoLoss(beta, 0.6, 0.8, 0.9, 42);
  }

  /** Token-level DPO, TDPO₁ (arXiv 2404.11999): {@code −log σ(β(h + KL_w − KL_l))}. */
  public static Tdpo1Loss tdpo1(double beta) {
    return new Tdpo1Loss(beta);
  }

  /**
   * Token-level DPO, TDPO₂ with α = 0.5 (arXiv 2404.11999): {@code −log σ(β(h − α(KL_l − sg
   * KL_w)))}.
   */
  public static Tdpo2Loss tdpo2(double beta) {
    return new Tdpo2Loss(beta, 0.5);
  }

  /**
   * Simple preference optimization, without a reference (arXiv 2405.14734, equation 6): {@code −log
   * σ(β(L_w/|y_w| − L_l/|y_l|) − γ)}, with {@code gamma} ≥ 0.
   */
  public static SimpoLoss simpo(double beta, double gamma) {
    return new SimpoLoss(beta, gamma, 0);
  }

  /**
   * AlphaPO: SimPO with rewards {@code (1 − p^−α)/α} of the mean token probability p, without a
   * reference (arXiv 2501.03884), with {@code gamma} ≥ 0.
   */
  public static AlphapoLoss alphapo(double beta, double gamma, double alpha) {
    return new AlphapoLoss(beta, gamma, alpha, 0);
  }

  /**
   * Contrastive preference optimization, without a reference (arXiv 2401.08417, equations 3 to 5):
   * {@code −log σ(β(L_w − L_l)) + NLL}.
   */
  public static CpoLoss cpo(double beta) {
    return new CpoLoss(beta, 0, 1);
  }

  /**
   * CPO with a hinge loss, without a reference, as in TRL: {@code max(0, 1 − β(L_w − L_l)) + NLL}.
   */
  public static CpoHingeLoss cpoHinge(double beta) {
    return new CpoHingeLoss(beta, 1);
  }

  /**
   * CPO with the squared loss of IPO, without a reference, as in TRL: {@code (L_w/|y_w| − L_l/|y_l|
   * − 1/(2β))² + NLL}.
   */
  public static CpoIpoLoss cpoIpo(double beta) {
    return new CpoIpoLoss(beta, 1);
  }

  /**
   * Odds ratio preference optimization, without a reference (arXiv 2403.07691): {@code NLL − β log
   * σ(log-odds of y_w − log-odds of y_l)}.
   */
  public static OrpoLoss orpo(double beta) {
    return new OrpoLoss(beta);
  }

  /**
   * Sequence likelihood calibration, without a reference (arXiv 2305.10425, equation 1): {@code
   * max(0, margin − (L_w − L_l)) + 0.1 NLL}, with {@code margin} &gt; 0.
   */
  public static SlicLoss slic(double margin) {
    return new SlicLoss(margin, 0.1);
  }

  /**
   * Supervised fine-tuning on the first completion of each example: {@code NLL}, the mean of {@code
   * −log π} over its tokens.
   */
  public static SftLoss sft() {
    return new SftLoss();
  }

  /** The reference stays the initial policy. */
  public static FixedReference fixed() {
    return new FixedReference();
  }

  /**
   * Mixes the policy into the reference with weight {@code alpha} in (0, 1] after every step (arXiv
   * 2404.09656): {@code π_ref ← α·π_θ + (1 − α)·π_ref}.
   */
  public static SoftUpdate soft(double alpha) {
    return new SoftUpdate(alpha);
  }

  /**
   * Copies the policy to the reference every {@code tau} ≥ 1 steps (arXiv 2404.09656): {@code π_ref
   * ← π_θ}.
   */
  public static HardUpdate hard(long tau) {
    return new HardUpdate(tau);
  }

  /** Copies the policy to the reference every {@code epochs} &gt; 0 epochs, such as 1 or 0.5. */
  public static EpochUpdate hardEpochs(double epochs) {
    return new EpochUpdate(epochs);
  }

  /**
   * Mixes the policy into the reference with weight {@code alpha} in (0, 1] every {@code tau} ≥ 1
   * steps, as TRL does by default.
   */
  public static MixedUpdate mixed(double alpha, long tau) {
    return new MixedUpdate(alpha, tau);
  }

  /**
   * Copies the policy to the reference when its mean log-ratio per token exceeds {@code threshold}
   * &gt; 0 in absolute value.
   */
  public static DistanceUpdate distance(double threshold) {
    return new DistanceUpdate(threshold);
  }
}
