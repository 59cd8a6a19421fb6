package io.github.tralign.frontier;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.loss.Numerics;
import io.github.tralign.random.L64X128Mix;
import io.github.tralign.recurrent.RecurrentPolicy;
import io.github.tralign.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * All that the runs of a seed share: language, fine-tuned policy, sampled pairs, and the prompts
 * and random numbers of measurements. Runs differ by their settings only, so they can be compared
 * in pairs.
 */
final class SeedWorld {

  private static final int SFT_BATCH = 64;
  private static final double SFT_RATE = 3e-3;

  private static final int HELD_OUT = 32; // one further pair for so many, for margins

  private final SourceLanguage language;
  private final RecurrentPolicy start;
  private final int trained; // pairs that runs are trained on
  private final int[][][] sampled; // two texts of each prompt: [2][pairs][]
  private final double[] labels; // in [0, 1), one for each pair
  private final int[][] prompts;
  private final double[][] uniforms;
  private final int[][] baseline; // texts of the start with these uniforms
  private final int[][] opponent; // texts of the start with others

  SeedWorld(long seed, WorldSize size) {
    RandomGenerator random = new L64X128Mix(seed);
    language = new SourceLanguage(random);
    start = fineTuned(size, seed, random);
    trained = size.pairs();
    int pairs = trained + trained / HELD_OUT;
    int[][] asked = language.texts(pairs, SourceLanguage.PROMPT, random);
    sampled =
        new int[][][] {
          texts(asked, uniforms(pairs, random)), texts(asked, uniforms(pairs, random))
        };
    labels = random.doubles(pairs).toArray();
    prompts = language.texts(size.prompts(), SourceLanguage.PROMPT, random);
    uniforms = uniforms(size.prompts(), random);
    baseline = texts(prompts, uniforms);
    opponent = texts(prompts, uniforms(size.prompts(), random));
  }

  private RecurrentPolicy fineTuned(WorldSize size, long seed, RandomGenerator random) {
    int length = SourceLanguage.PROMPT + SourceLanguage.COMPLETION;
    List<Example> texts = new ArrayList<>();
    for (int[] text : language.texts(size.sftSteps() * SFT_BATCH, length, random)) {
      texts.add(Example.demonstration(prompt(text), completion(text)));
    }
    RecurrentPolicy policy =
        RecurrentPolicy.random(SourceLanguage.SYMBOLS, size.hidden(), new L64X128Mix(seed));
    Trainer.builder()
        .policy(policy)
        .data(texts)
        .loss(TR.sft())
        .learningRate(SFT_RATE)
        .schedule((step, steps, warmup) -> Math.min(1, 2 * (1 - (double) step / steps)))
        .batchSize(SFT_BATCH)
        .shuffle(false)
        .probeEvery(0)
        .build()
        .train();
    return policy.copy(); // without moments
  }

  private int[][] texts(int[][] prompts, double[][] uniforms) {
    return Sampler.complete(start, start, prompts, uniforms).texts();
  }

  private static double[][] uniforms(int n, RandomGenerator random) {
    double[][] uniforms = new double[n][];
    Arrays.setAll(uniforms, i -> random.doubles(SourceLanguage.COMPLETION).toArray());
    return uniforms;
  }

  static int[] prompt(int[] text) {
    return Arrays.copyOf(text, SourceLanguage.PROMPT);
  }

  static int[] completion(int[] text) {
    return Arrays.copyOfRange(text, SourceLanguage.PROMPT, text.length);
  }

  SourceLanguage language() {
    return language;
  }

  /** The fine-tuned policy, which nobody trains: take a copy. */
  RecurrentPolicy start() {
    return start;
  }

  /** The prompts of measurements. */
  int[][] prompts() {
    return prompts;
  }

  /** The random numbers of measurements, one for each token. */
  double[][] uniforms() {
    return uniforms;
  }

  /** What the fine-tuned policy makes of the prompts with the same random numbers. */
  int[][] baseline() {
    return baseline;
  }

  /** What it makes of them with others. */
  int[][] opponent() {
    return opponent;
  }

  /** The pairs that a run of a regime is trained on. */
  ImmutableList<Example> pairs(Regime regime) {
    return pairs(regime, 0, trained / regime.epochs());
  }

  /** Other pairs, labelled alike. */
  ImmutableList<Example> heldOut(Regime regime) {
    return pairs(regime, trained, sampled[0].length);
  }

  private ImmutableList<Example> pairs(Regime regime, int from, int to) {
    ImmutableList.Builder<Example> pairs = ImmutableList.builder();
    for (int i = from; i < to; i++) {
      int[] one = sampled[0][i];
      int[] other = sampled[1][i];
      double difference = gold(regime, one) - gold(regime, other);
      boolean first = labels[i] < Numerics.sigmoid(regime.sharpness() * difference);
      pairs.add(
          Example.pair(
              prompt(one), completion(first ? one : other), completion(first ? other : one)));
    }
    return pairs.build();
  }

  /** The quality of a text in a regime. */
  double gold(Regime regime, int[] text) {
    return language.content(text) + regime.wellFormedness() * language.permitted(text);
  }
}
