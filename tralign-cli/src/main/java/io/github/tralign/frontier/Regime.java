package io.github.tralign.frontier;

import com.google.common.collect.ImmutableList;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.train.Schedule;
import java.util.List;
import java.util.Locale;

/** The conditions that runs are compared under: the grid's outer axis, with what runs in each. */
public enum Regime {
  /** Well-formedness 6, a learning rate that decays to 0: all losses and rules. */
  DECAYED(6, 1.5, 1, true, 3e-3, 5, List.of(FrontierLoss.values()), ReferenceRule.ALL),
  /** The same with well-formedness 3. */
  DECAYED_3(3, 1.5, 1, true, 3e-3, 5, List.of(FrontierLoss.DPO), ReferenceRule.FEW),
  /** A constant learning rate and labels that agree with gold in about 60 of 100 pairs. */
  NOISY(6, 0.5, 1, false, 3e-3, 10, List.of(FrontierLoss.DPO), ReferenceRule.FEW),
  /** The same with well-formedness 3. */
  NOISY_3(3, 0.5, 1, false, 3e-3, 10, List.of(FrontierLoss.DPO), ReferenceRule.FEW),
  /** A sixteenth of the pairs, sixteen times. */
  FEW_PAIRS(6, 1.5, 16, true, 3e-3, 5, List.of(FrontierLoss.DPO), ReferenceRule.FEW),
  /** Plain gradient descent; its learning rate is divided by β, as Adam cancels it. */
  SGD(6, 1.5, 1, true, 0.2, 5, List.of(FrontierLoss.DPO), ReferenceRule.FEW);

  private static final double HUGE = 1e8; // far above any gradient

  private final double wellFormedness;
  private final double sharpness;
  private final int epochs;
  private final boolean decays;
  private final double learningRate;
  private final int seeds;
  private final ImmutableList<FrontierLoss> losses;
  private final ImmutableList<ReferenceRule> rules;

  Regime(
      double wellFormedness,
      double sharpness,
      int epochs,
      boolean decays,
      double learningRate,
      int seeds,
      List<FrontierLoss> losses,
      List<ReferenceRule> rules) {
    this.wellFormedness = wellFormedness;
    this.sharpness = sharpness;
    this.epochs = epochs;
    this.decays = decays;
    this.learningRate = learningRate;
    this.seeds = seeds;
    this.losses = ImmutableList.copyOf(losses);
    this.rules = ImmutableList.copyOf(rules);
  }

  /** How much gold a completely well-formed completion gets beside its content. */
  double wellFormedness() {
    return wellFormedness;
  }

  /** Labels are drawn by {@code σ(sharpness · difference of gold)}. */
  double sharpness() {
    return sharpness;
  }

  /** How often each pair is seen; the number of pairs is divided by it. */
  int epochs() {
    return epochs;
  }

  /** Seeds of the whole grid. */
  int seeds() {
    return seeds;
  }

  ImmutableList<FrontierLoss> losses() {
    return losses;
  }

  ImmutableList<ReferenceRule> rules() {
    return rules;
  }

  Schedule schedule() {
    return decays ? Schedule.linear() : Schedule.constant();
  }

  double learningRate(double beta) {
    return this == SGD ? learningRate / beta * HUGE : learningRate;
  }

  /** Adam, or an epsilon that makes it gradient descent with a learning rate HUGE times smaller. */
  AdamW optimizer() {
    return this == SGD ? new AdamW(0, 0, HUGE, 0) : AdamW.ofDefaults();
  }

  /** Its name in options and tables. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
