package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.SampledKl;
import io.github.tralign.policy.DataParallelModel;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Completes the prompts of a run from time to time. */
final class Samples {

  private final Policy policy;
  private final Optional<SampleSettings> settings;
  private final int microBatchTokens;
  private final List<TrainingListener> listeners;
  private double seconds;

  Samples(TrainerSettings settings) {
    this.policy = settings.policy();
    this.settings = settings.samples();
    this.microBatchTokens = settings.batches().microBatchTokens();
    this.listeners = settings.listeners();
  }

  /** The policy is the initial one, unless steps were done before. */
  void begin(long stepsDone) {
    if (stepsDone == 0) {
      settings.ifPresent(it -> complete(it, 0));
    }
  }

  /**
   * The metrics of samples after a step, if it is time for them.
   *
   * @param last whether the run ends with this step
   */
  Map<String, Double> afterStep(long step, boolean last) {
    return settings
        .filter(it -> last || it.every() > 0 && step % it.every() == 0)
        .map(it -> complete(it, step).metrics())
        .orElse(ImmutableMap.of());
  }

  /** Seconds spent so far. */
  double seconds() {
    return seconds;
  }

  private StepSamples complete(SampleSettings settings, long step) {
    long start = System.nanoTime();
    listeners.forEach(it -> it.onSampling(settings.prompts().size()));
    List<GenerationRequest> requests = new ArrayList<>();
    for (ImmutableIntArray prompt : settings.prompts()) {
      requests.add(
          new GenerationRequest(prompt, 1, settings.sampling(), settings.seed(), requests.size()));
    }
    ImmutableList<Completion> completions =
        policy.generate(requests).stream()
            .map(it -> it.get(0))
            .collect(ImmutableList.toImmutableList());
    StepSamples samples = new StepSamples(step, completions, divergence(settings, completions));
    listeners.forEach(it -> it.onSamples(samples));
    seconds += (System.nanoTime() - start) / 1e9;
    return samples;
  }

  /** Both models score the completions alike, so that equal models have no divergence. */
  private Optional<SampledKl> divergence(
      SampleSettings settings, ImmutableList<Completion> completions) {
    return settings
        .initial()
        .map(
            loading -> {
              ImmutableList.Builder<Example> examples = ImmutableList.builder();
              for (int i = 0; i < completions.size(); i++) {
                examples.add(
                    new Example(
                        settings.prompts().get(i),
                        ImmutableList.of(completions.get(i).tokens()),
                        "sample " + (i + 1)));
              }
              PreferenceBatch batch = new PreferenceBatch(examples.build());
              List<double[]> ofPolicy = scores(policy, batch);
              try (LanguageModel initial =
                  DataParallelModel.of(loading.get(), policy.processGroup())) {
                return SampledKl.of(ofPolicy, scores(initial, batch));
              }
            });
  }

  private List<double[]> scores(LanguageModel model, PreferenceBatch batch) {
    List<double[]> scores = new ArrayList<>();
    for (PreferenceBatch slice : batch.microBatches(microBatchTokens)) {
      TokenLogProbs tokens = model.score(slice);
      for (int i = 0; i < slice.size(); i++) {
        scores.add(new double[] {tokens.sum(i, 0)});
      }
    }
    return scores;
  }
}
