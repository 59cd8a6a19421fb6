package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.sweep.SweepData;
import io.github.tralign.sweep.SweepGrid;
import io.github.tralign.sweep.WordScore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a sweep on a language model runs, and how it is measured. */
final class RealOptions {

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description =
          "Any loss that has a beta and a reference, with its other settings at their defaults;"
              + " docs/losses.md explains each. Default: ${DEFAULT-VALUE}.")
  private LossKind loss = LossKind.DPO;

  @Option(
      names = "--rules",
      paramLabel = "RULE",
      split = ",",
      description =
          "Rules of the reference, as train's --reference, separated by commas; rules are compared"
              + " with fixed. Default:"
              + " fixed,soft:0.6,soft:0.1,hard:32,hard:128.")
  private List<ReferencePolicy> rules =
      List.of(TR.fixed(), TR.soft(0.6), TR.soft(0.1), TR.hard(32), TR.hard(128));

  @Option(
      names = "--betas",
      paramLabel = "B",
      split = ",",
      description =
          "Beta of runs with a fixed reference. Those of other rules are scaled by the ratio of mean"
              + " lags, so that all reach about the same distances. Default: 0.03,0.1,0.3.")
  private List<Double> betas = List.of(0.03, 0.1, 0.3);

  @Option(
      names = "--equal-betas",
      paramLabel = "B",
      split = ",",
      description =
          "Further betas that every rule is run with as they are, for a comparison at equal beta."
              + " Default: none.")
  private List<Double> equalBetas = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Runs of each setting, at most 1000: with --seed, the number after it, and so on. Each"
              + " has a division of the data of its own. One seed is no result. Default:"
              + " ${DEFAULT-VALUE}.")
  private int seeds = 3;

  /** Which pairs are for what. */
  static final class PartOptions {
    @Option(
        names = "--eval-data",
        paramLabel = "FILE",
        description =
            "Pairs whose prompts are answered, in files as for --data. May be given several times."
                + " Default: a part of --data.")
    private List<Path> files = new ArrayList<>();

    @Option(
        names = "--eval-prompts",
        paramLabel = "N",
        description =
            "Held-out pairs, whose prompts are answered, at least 2. Default: ${DEFAULT-VALUE}.")
    private int prompts = 64;

    @Option(
        names = "--judge-pairs",
        paramLabel = "N",
        description =
            "Pairs that the judge is trained on. Default: a third of those that are not held out.")
    private @Nullable Integer judge;

    @Option(
        names = "--train-pairs",
        paramLabel = "N",
        description = "Pairs that a run is trained on. Default: all others.")
    private @Nullable Integer training;

    /** Refuses what cannot be before anything is read. */
    void check(DataOptions data) {
      requirePositive("--judge-pairs", judge);
      requirePositive("--train-pairs", training);
      if (!files.isEmpty()) {
        data.like(files).check();
      }
    }

    private static void requirePositive(String option, @Nullable Integer value) {
      if (value != null && value < 1) {
        throw new Refusal(option, "must be at least 1, not " + value);
      }
    }

    /** The files of held-out pairs; empty to take them from the data. */
    List<Path> files() {
      return files;
    }

    /** The held-out pairs of files of their own. */
    List<Example> read(PreferenceReader reader, DataOptions data) {
      return files.isEmpty()
          ? List.of()
          : reader.limit(Integer.MAX_VALUE).files(data.like(files)).examples();
    }

    SweepData divide(List<Example> pairs, List<Example> held) {
      SweepData.Sizes sizes =
          new SweepData.Sizes(training == null ? 0 : training, judge == null ? 0 : judge, prompts);
      SweepData data = new SweepData(pairs, held, sizes);
      judge = data.sizes().judge(); // for the record of the sweep
      training = data.sizes().training();
      return data;
    }
  }

  /** How policies are measured. */
  static final class MeasureOptions {
    @Option(
        names = "--measurements",
        paramLabel = "N",
        description =
            "How often a run is measured, at equal distances, the last time at its end. Default:"
                + " ${DEFAULT-VALUE}.")
    private int measurements = 2;

    @Option(
        names = "--max-new-tokens",
        paramLabel = "N",
        description = "Maximum tokens of an answer. Default: ${DEFAULT-VALUE}.")
    private int maxNewTokens = 128;

    @Option(
        names = "--judge-beta",
        paramLabel = "B",
        description =
            "Beta of the judge: it is trained by DPO with it, and its reward is beta times the"
                + " log-ratio to the start. Default: ${DEFAULT-VALUE}.")
    private double judgeBeta = 0.1;

    @Option(
        names = "--words",
        paramLabel = "FILE",
        description =
            "Words or phrases, one in each line, that are counted in answers: a score that no model"
                + " gives. Default: none.")
    private @Nullable Path words;

    /** Refuses what is out of range. */
    void check() {
      if (measurements < 1) {
        throw new Refusal("--measurements", "must be at least 1, not " + measurements);
      }
      if (maxNewTokens < 1) {
        throw new Refusal("--max-new-tokens", "must be at least 1, not " + maxNewTokens);
      }
      if (!(judgeBeta > 0 && Double.isFinite(judgeBeta))) {
        throw new Refusal("--judge-beta", "must be greater than 0, not " + judgeBeta);
      }
    }

    int measurements() {
      return measurements;
    }

    int maxNewTokens() {
      return maxNewTokens;
    }

    double judgeBeta() {
      return judgeBeta;
    }

    Optional<Path> wordFile() {
      return Optional.ofNullable(words);
    }

    Optional<WordScore> words() {
      return wordFile().map(WordScore::read);
    }
  }

  /** Refuses what cannot be before anything is read. */
  void check() {
    if (seeds < 1 || seeds > 1000) {
      throw new Refusal("--seeds", "must be at least 1 and at most 1000, not " + seeds);
    }
    for (ReferencePolicy rule : rules) {
      if (rule instanceof FactorAverage) {
        throw new Refusal(
            "--rules", rule + " cannot be used here, only rules that average weights");
      }
    }
    if (!loss.defaults.containsKey(LossSettings.BETA)) {
      throw new Refusal("--loss", loss + " has no beta to compare");
    }
    if (!loss(1, 0).usesReference()) {
      throw new Refusal("--loss", loss + " has no reference that could move");
    }
  }

  /** The loss of a β. */
  AlignmentLoss loss(double beta, long seed) {
    Map<String, Object> settings = new HashMap<>(loss.defaults);
    settings.put(LossSettings.BETA, beta);
    return loss.make(new LossSettings(ImmutableMap.copyOf(settings), seed));
  }

  boolean unpaired() {
    return loss.unpaired();
  }

  SweepGrid grid(long firstSeed, long steps, long stepsPerEpoch) {
    SweepGrid grid =
        new SweepGrid(
            rules,
            betas,
            equalBetas,
            LongStream.range(firstSeed, firstSeed + seeds).boxed().toList(),
            steps,
            stepsPerEpoch);
    for (double beta : grid.usedBetas()) {
      try {
        loss(beta, firstSeed);
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(
            "--betas: " + e.getMessage() + " (beta " + beta + " after scaling)", e);
      }
    }
    return grid;
  }
}
