package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** The losses that the toy problem is run with, each vanilla and in its two TR forms. */
public enum ToyLoss {
  /** Direct preference optimization. */
  DPO(TR::dpo),
  /** Identity preference optimization on summed log-probabilities. */
  IPO(TR::ipo);

  @SuppressWarnings("ImmutableEnumChecker") // constructors that hold nothing
  private final DoubleFunction<AlignmentLoss> withBeta;

  ToyLoss(DoubleFunction<AlignmentLoss> withBeta) {
    this.withBeta = withBeta;
  }

  AlignmentLoss withBeta(double beta) {
    return withBeta.apply(beta);
  }

  /** The vanilla method and its TR forms, the columns of the figure. */
  ImmutableList<ToyMethod> methods(double alpha, int tau) {
    return ImmutableList.of(
        new ToyMethod(name(), TR.fixed()),
        new ToyMethod("TR-" + name() + " soft", TR.soft(alpha)),
        new ToyMethod("TR-" + name() + " hard", TR.hard(tau)));
  }

  /** As {@code --loss} has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
