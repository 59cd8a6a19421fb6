package io.github.tralign.train;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.Completion.Finish;
import io.github.tralign.generate.SampledKl;
import java.util.Map;
import java.util.Optional;

/**
 * Completions of a run's prompts, see {@link SampleSettings}.
 *
 * @param step steps done before; 0 for the initial policy
 * @param completions one for each prompt, in their order
 * @param divergence KL(π ‖ π_init), estimated on them, if the initial policy is known
 */
public record StepSamples(
    long step, ImmutableList<Completion> completions, Optional<SampledKl> divergence) {

  /** Nothing may be null. */
  public StepSamples {
    requireNonNull(completions, "completions");
    requireNonNull(divergence, "divergence");
  }

  /** The mean number of tokens. */
  public double meanLength() {
    return completions.stream().mapToInt(it -> it.tokens().length()).average().orElse(0);
  }

  /** The share of completions that ended by themselves, with an end token. */
  public double endedShare() {
    return completions.stream()
        .mapToInt(it -> it.finish() == Finish.END_TOKEN ? 1 : 0)
        .average()
        .orElse(0);
  }

  /** The numbers by the names that they have among a step's metrics. */
  Map<String, Double> metrics() {
    ImmutableMap.Builder<String, Double> metrics = ImmutableMap.builder();
    metrics.put("samples/length", meanLength()).put("samples/ended", endedShare());
    divergence.ifPresent(
        it -> {
          metrics.put("kl/initial", it.mean());
          if (Double.isFinite(it.standardError())) { // not of a single prompt
            metrics.put("kl/initial_error", it.standardError());
          }
        });
    return metrics.buildOrThrow();
  }
}
