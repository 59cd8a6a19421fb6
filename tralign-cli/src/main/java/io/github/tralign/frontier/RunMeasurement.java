package io.github.tralign.frontier;

import com.google.common.math.StatsAccumulator;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.recurrent.RecurrentPolicy;
import java.util.List;

/** Measures policies of one regime against the fine-tuned one, always on the same noise. */
final class RunMeasurement {

  /** The columns of what is measured. */
  static final List<String> COLUMNS =
      List.of(
          "kl",
          "gold",
          "gold_se",
          "content",
          "permitted",
          "win",
          "chosen",
          "rejected",
          "margin_accuracy");

  private final SeedWorld world;
  private final Regime regime;
  private final PreferenceBatch heldOut;
  private final TokenLogProbs initial;

  RunMeasurement(SeedWorld world, Regime regime) {
    this.world = world;
    this.regime = regime;
    heldOut = new PreferenceBatch(world.heldOut(regime));
    initial = world.start().score(heldOut);
  }

  /** A value for each of the columns. */
  List<Object> of(RecurrentPolicy policy) {
    Sampler.Completed completed =
        Sampler.complete(policy, world.start(), world.prompts(), world.uniforms());
    StatsAccumulator divergence = new StatsAccumulator();
    StatsAccumulator gold = new StatsAccumulator(); // gain over the fine-tuned policy
    StatsAccumulator content = new StatsAccumulator();
    StatsAccumulator permitted = new StatsAccumulator();
    StatsAccumulator wins = new StatsAccumulator();
    divergence.addAll(completed.divergences());
    for (int i = 0; i < completed.texts().length; i++) {
      int[] text = completed.texts()[i];
      int[] before = world.baseline()[i];
      double quality = world.gold(regime, text);
      gold.add(quality - world.gold(regime, before));
      content.add(world.language().content(text) - world.language().content(before));
      permitted.add(world.language().permitted(text));
      wins.add(win(quality, world.gold(regime, world.opponent()[i])));
    }
    StatsAccumulator chosen = new StatsAccumulator();
    StatsAccumulator rejected = new StatsAccumulator();
    StatsAccumulator accuracy = new StatsAccumulator();
    TokenLogProbs scores = policy.score(heldOut);
    for (int i = 0; i < heldOut.size(); i++) {
      double a = scores.sum(i, 0) - initial.sum(i, 0);
      double b = scores.sum(i, 1) - initial.sum(i, 1);
      chosen.add(a);
      rejected.add(b);
      accuracy.add(win(a, b));
    }
    return List.of(
        divergence.mean(),
        gold.mean(),
        gold.sampleStandardDeviation() / Math.sqrt(gold.count()),
        content.mean(),
        permitted.mean(),
        wins.mean(),
        chosen.mean(),
        rejected.mean(),
        accuracy.mean());
  }

  private static double win(double mine, double other) {
    return mine > other ? 1 : mine < other ? 0 : 0.5;
  }
}
