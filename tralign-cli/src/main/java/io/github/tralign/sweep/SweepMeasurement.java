package io.github.tralign.sweep;

import com.google.common.collect.ImmutableList;
import com.google.common.math.StatsAccumulator;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.SampledKl;
import io.github.tralign.judge.statistics.Bootstrap;
import io.github.tralign.judge.statistics.Interval;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.TokenLogProbs;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures policies of one seed on the held-out prompts, always with the same random numbers: their
 * answers, the distance from the start, and the reward of the judge.
 */
final class SweepMeasurement {

  /** The columns of what is measured. */
  static final List<String> COLUMNS =
      List.of(
          "kl",
          "kl_se",
          "reward",
          "reward_se",
          "win",
          "win_low",
          "win_high",
          "length",
          "ended",
          "words",
          "words_share",
          "pair_accuracy",
          "pair_margin");

  /** What one policy did: a value for each column, and its answers. */
  record Result(List<Object> values, List<SweepAnswer> answers) {}

  /** Answers with what both models give them. */
  private record Rewarded(List<SweepAnswer> answers, double[] starts, double[] rewards) {}

  private final SweepSettings settings;
  private final SweepModels models;
  private final List<Example> heldOut;
  private final ImmutableList<GenerationRequest> requests;
  private final LanguageModel start;
  private final LanguageModel judge;
  private final Rewarded baseline;
  private final double[][] startPairs;

  /**
   * Lets the start answer.
   *
   * @param heldOut pairs, whose prompts are answered
   * @param judge closed by the caller, like {@code start}
   */
  SweepMeasurement(
      SweepSettings settings,
      SweepModels models,
      List<Example> heldOut,
      long seed,
      LanguageModel start,
      LanguageModel judge) {
    this.settings = settings;
    this.models = models;
    this.heldOut = heldOut;
    this.start = start;
    this.judge = judge;
    ImmutableList.Builder<GenerationRequest> asked = ImmutableList.builder();
    for (int i = 0; i < heldOut.size(); i++) {
      asked.add(new GenerationRequest(heldOut.get(i).prompt(), 1, settings.sampling(), seed, i));
    }
    requests = asked.build();
    baseline = rewarded(completions(start));
    startPairs = pairs(start);
  }

  /** That of the start. */
  Result ofStart() {
    return result(baseline, baseline.starts(), startPairs);
  }

  Result of(LanguageModel policy) {
    List<Completion> completions = completions(policy);
    double[] own = sums(policy, answered(completions));
    return result(rewarded(completions), own, pairs(policy));
  }

  private Result result(Rewarded mine, double[] own, double[][] pairs) {
    List<double[]> ofPolicy = new ArrayList<>();
    List<double[]> ofStart = new ArrayList<>();
    StatsAccumulator reward = new StatsAccumulator(); // minus that of the start's answer
    List<Double> wins = new ArrayList<>();
    StatsAccumulator length = new StatsAccumulator();
    StatsAccumulator ended = new StatsAccumulator();
    for (int i = 0; i < heldOut.size(); i++) {
      ofPolicy.add(new double[] {own[i]});
      ofStart.add(new double[] {mine.starts()[i]});
      reward.add(mine.rewards()[i] - baseline.rewards()[i]);
      wins.add(win(mine, i));
      length.add(mine.answers().get(i).tokens());
      ended.add(mine.answers().get(i).ended() ? 1 : 0);
    }
    SampledKl kl = SampledKl.of(ofPolicy, ofStart);
    Interval interval = Bootstrap.ofDefaults().mean(wins);
    List<Object> values = new ArrayList<>();
    values.addAll(List.of(kl.mean(), kl.standardError()));
    values.addAll(List.of(reward.mean(), error(reward)));
    values.addAll(
        List.of(
            wins.stream().mapToDouble(it -> it).average().orElseThrow(),
            interval.low(),
            interval.high()));
    values.addAll(List.of(length.mean(), ended.mean()));
    values.addAll(words(mine.answers()));
    values.addAll(margins(pairs));
    return new Result(values, mine.answers());
  }

  /** Equal answers are a tie, though rounding may differ beside other answers. */
  private double win(Rewarded mine, int i) {
    if (mine.answers().get(i).equals(baseline.answers().get(i))) {
      return 0.5;
    }
    return share(mine.rewards()[i], baseline.rewards()[i]);
  }

  private static double share(double mine, double other) {
    return mine > other ? 1 : mine < other ? 0 : 0.5;
  }

  private List<Completion> completions(LanguageModel policy) {
    return policy.generate(requests).stream().map(it -> it.get(0)).toList();
  }

  private List<Example> answered(List<Completion> completions) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < heldOut.size(); i++) {
      examples.add(
          new Example(
              heldOut.get(i).prompt(),
              ImmutableList.of(completions.get(i).tokens()),
              "answer " + (i + 1)));
    }
    return examples;
  }

  /** The judge's reward is {@code β(log π_J − log π_start)} of the whole answer. */
  private Rewarded rewarded(List<Completion> completions) {
    List<Example> examples = answered(completions);
    double[] starts = sums(start, examples);
    double[] rewards = sums(judge, examples);
    List<SweepAnswer> answers = new ArrayList<>();
    for (int i = 0; i < heldOut.size(); i++) {
      rewards[i] = settings.judgeBeta() * (rewards[i] - starts[i]);
      Completion completion = completions.get(i);
      answers.add(
          new SweepAnswer(
              models.instruction(heldOut.get(i)),
              models.text(heldOut.get(i).prompt(), completion),
              completion.tokens().length(),
              completion.finish() == Completion.Finish.END_TOKEN));
    }
    return new Rewarded(answers, starts, rewards);
  }

  private List<Object> words(List<SweepAnswer> answers) {
    if (settings.words().isEmpty()) {
      return List.of("", "");
    }
    StatsAccumulator count = new StatsAccumulator();
    StatsAccumulator share = new StatsAccumulator();
    for (SweepAnswer answer : answers) {
      long words = settings.words().get().in(answer.text());
      count.add(words);
      share.add(words > 0 ? 1 : 0);
    }
    return List.of(count.mean(), share.mean());
  }

  /** How the held-out pairs are ranked by the policy's own log-ratios against the start. */
  private List<Object> margins(double[][] pairs) {
    StatsAccumulator accuracy = new StatsAccumulator();
    StatsAccumulator margin = new StatsAccumulator();
    for (int i = 0; i < heldOut.size(); i++) {
      double chosen = pairs[0][i] - startPairs[0][i];
      double rejected = pairs[1][i] - startPairs[1][i];
      accuracy.add(share(chosen, rejected));
      margin.add(chosen - rejected);
    }
    return List.of(accuracy.mean(), margin.mean());
  }

  private double[] sums(LanguageModel model, List<Example> examples) {
    return scores(model, examples, 1)[0];
  }

  private double[][] pairs(LanguageModel model) {
    return scores(model, heldOut, 2);
  }

  /** The log-probability of each completion: [completion][example]. */
  private double[][] scores(LanguageModel model, List<Example> examples, int completions) {
    double[][] scores = new double[completions][examples.size()];
    int row = 0;
    for (PreferenceBatch batch :
        new PreferenceBatch(ImmutableList.copyOf(examples))
            .microBatches(settings.microBatchTokens())) {
      TokenLogProbs tokens = model.score(batch);
      for (int i = 0; i < batch.size(); i++, row++) {
        for (int k = 0; k < completions; k++) {
          scores[k][row] = tokens.sum(i, k);
        }
      }
    }
    return scores;
  }

  private static double error(StatsAccumulator values) {
    return values.sampleStandardDeviation() / Math.sqrt(values.count());
  }
}
