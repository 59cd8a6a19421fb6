package io.github.tralign;

import io.github.tralign.loss.DpoLoss;
import io.github.tralign.loss.IpoLoss;
import io.github.tralign.loss.IpoMeanLoss;
import io.github.tralign.loss.KtoLoss;
import io.github.tralign.loss.SftLoss;
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
 * {@code dpo} with either; with {@link #fixed} it is the vanilla one.
 */
public final class TR {

  private TR() {}

  /** Direct preference optimization; see {@link DpoLoss}. */
  public static DpoLoss dpo(double beta) {
    return new DpoLoss(beta, 0);
  }

  /** Identity preference optimization on summed log-probabilities; see {@link IpoLoss}. */
  public static IpoLoss ipo(double beta) {
    return new IpoLoss(beta);
  }

  /** Identity preference optimization on token means; see {@link IpoMeanLoss}. */
  public static IpoMeanLoss ipoMean(double beta) {
    return new IpoMeanLoss(beta);
  }

  /** Kahneman-Tversky optimization on completions labelled good or bad; see {@link KtoLoss}. */
  public static KtoLoss kto(double beta) {
    return new KtoLoss(beta, 1, 1);
  }

  /** Supervised fine-tuning on one completion a prompt; see {@link SftLoss}. */
  public static SftLoss sft() {
    return new SftLoss();
  }

  /** The reference stays the initial policy. */
  public static FixedReference fixed() {
    return new FixedReference();
  }

  /** After every step, mixes the share {@code alpha} of the policy in; see {@link SoftUpdate}. */
  public static SoftUpdate soft(double alpha) {
    return new SoftUpdate(alpha);
  }

  /** Copies the policy every {@code tau} steps; see {@link HardUpdate}. */
  public static HardUpdate hard(long tau) {
    return new HardUpdate(tau);
  }

  /** Copies the policy every {@code epochs} epochs, such as 1 or 0.5; see {@link EpochUpdate}. */
  public static EpochUpdate hardEpochs(double epochs) {
    return new EpochUpdate(epochs);
  }

  /** Mixes every {@code tau} steps, as TRL does by default; see {@link MixedUpdate}. */
  public static MixedUpdate mixed(double alpha, long tau) {
    return new MixedUpdate(alpha, tau);
  }

  /** Copies the policy when it is further than that from the reference; {@link DistanceUpdate}. */
  public static DistanceUpdate distance(double threshold) {
    return new DistanceUpdate(threshold);
  }
}
