package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** The losses of the toy problem, each with a fixed reference and in two TR variants. */
public enum ToyLoss {
  /** Direct preference optimization. */
  DPO("DPO", 1, TR::dpo, ToyLoss::asPair),
  /** Identity preference optimization on summed log-probabilities. */
  IPO("IPO", 0.1, TR::ipo, ToyLoss::asPair),
  /**
   * Kahneman-Tversky optimization. There is one prompt, so no completion is mismatched and its
   * estimate of the divergence is 0.
   */
  KTO("KTO", 0.1, TR::kto, ToyLoss::asLabelled),
  /**
   * Kahneman-Tversky optimization on pairs, as in the TR-DPO paper's code: each sequence provides
   * the other's estimate of the divergence.
   */
  KTO_PAIR("KTO-pair", 0.1, TR::ktoPair, ToyLoss::asPair);

  private interface Form {
    ImmutableList<Example> of(Example pair);
  }

  private final String title;
  private final double defaultBeta;

  @SuppressWarnings("ImmutableEnumChecker") // stateless constructors
  private final DoubleFunction<AlignmentLoss> withBeta;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Form form;

  ToyLoss(String title, double defaultBeta, DoubleFunction<AlignmentLoss> withBeta, Form form) {
    this.title = title;
    this.defaultBeta = defaultBeta;
    this.withBeta = withBeta;
    this.form = form;
  }

  /** The default β. */
  public double defaultBeta() {
    return defaultBeta;
  }

  AlignmentLoss withBeta(double beta) {
    return withBeta.apply(beta);
  }

  /** A preference pair as examples in the form that this loss requires, chosen sequence first. */
  ImmutableList<Example> data(Example pair) {
    return form.of(pair);
  }

  private static ImmutableList<Example> asPair(Example pair) {
    return ImmutableList.of(pair);
  }

  private static ImmutableList<Example> asLabelled(Example pair) {
    int[] prompt = pair.prompt().toArray();
    return ImmutableList.of(
        Example.labelled(prompt, pair.chosen().toArray(), true),
        Example.labelled(prompt, pair.rejected().toArray(), false));
  }

  /** The vanilla method and its TR variants, the columns of the figure. */
  ImmutableList<ToyMethod> methods(double alpha, int tau) {
    return ImmutableList.of(
        new ToyMethod(title, TR.fixed()),
        new ToyMethod("TR-" + title + " soft", TR.soft(alpha)),
        new ToyMethod("TR-" + title + " hard", TR.hard(tau)));
  }

  /** Its name in the option {@code --loss}. */
  @Override
  public String toString() {
    return title.toLowerCase(Locale.ROOT);
  }
}
