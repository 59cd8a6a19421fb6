package io.github.tralign.cli;

import com.google.common.collect.ImmutableSet;
import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import java.util.function.Function;

/**
 * The losses that {@code --loss} knows: name, default of {@code --beta}, how it is made, and the
 * options beside {@code --beta} that mean something to it.
 */
enum LossKind {
  DPO(
      "dpo",
      0.1,
      it -> TR.dpo(it.beta()).labelSmoothing(it.labelSmoothing()),
      LossOptions.LABEL_SMOOTHING),
  IPO("ipo", 0.1, it -> TR.ipo(it.beta())),
  IPO_MEAN("ipo-mean", 0.1, it -> TR.ipoMean(it.beta()));

  private final String word;
  final double defaultBeta;

  @SuppressWarnings("ImmutableEnumChecker") // functions that hold nothing
  private final Function<LossOptions, AlignmentLoss> factory;

  final ImmutableSet<String> options;

  LossKind(
      String word,
      double defaultBeta,
      Function<LossOptions, AlignmentLoss> factory,
      String... options) {
    this.word = word;
    this.defaultBeta = defaultBeta;
    this.factory = factory;
    this.options = ImmutableSet.copyOf(options);
  }

  AlignmentLoss make(LossOptions options) {
    return factory.apply(options);
  }

  @Override
  public String toString() {
    return word;
  }
}
