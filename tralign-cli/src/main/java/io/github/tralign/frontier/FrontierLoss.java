package io.github.tralign.frontier;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** A loss of the grid. */
public enum FrontierLoss {
  /** DPO. */
  DPO(1, TR::dpo),
  /** IPO on sums. */
  IPO(0.3, TR::ipo),
  /** IPO on means over tokens: as all completions have 16, that of sums with β / 16, scaled. */
  IPO_MEAN(0.3 * SourceLanguage.COMPLETION, TR::ipoMean),
  /** KTO on pairs. */
  KTO_PAIR(1, TR::ktoPair),
  /** KTO on labelled completions. */
  KTO(1, TR::kto);

  private final double scale;

  @SuppressWarnings("ImmutableEnumChecker") // stateless constructors
  private final DoubleFunction<AlignmentLoss> withBeta;

  FrontierLoss(double scale, DoubleFunction<AlignmentLoss> withBeta) {
    this.scale = scale;
    this.withBeta = withBeta;
  }

  /** The rules that it is run with. */
  ImmutableList<ReferenceRule> rules() {
    return this == IPO_MEAN ? ReferenceRule.FEW : ReferenceRule.ALL;
  }

  /** The factor of the grid's β for this loss. */
  double scale() {
    return scale;
  }

  AlignmentLoss withBeta(double beta) {
    return withBeta.apply(beta);
  }

  /** Pairs in the form that this loss requires. */
  ImmutableList<Example> data(List<Example> pairs) {
    if (this != KTO) {
      return ImmutableList.copyOf(pairs);
    }
    ImmutableList.Builder<Example> labelled = ImmutableList.builder();
    for (Example pair : pairs) {
      int[] prompt = pair.prompt().toArray();
      labelled.add(Example.labelled(prompt, pair.chosen().toArray(), true));
      labelled.add(Example.labelled(prompt, pair.rejected().toArray(), false));
    }
    return labelled.build();
  }

  /** Examples that one pair makes. */
  int examplesPerPair() {
    return this == KTO ? 2 : 1;
  }

  /** Its name in options and tables. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
