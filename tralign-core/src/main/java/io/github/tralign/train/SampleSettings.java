package io.github.tralign.train;

import static io.github.tralign.InvalidSettingException.require;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.generate.Sampling;
import io.github.tralign.policy.LanguageModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Prompts that the policy completes before the first step, during a run and after its last step, to
 * see what it has learned. This changes nothing that is learned.
 *
 * @param prompts the token ids of each prompt, at least one
 * @param every steps from one time to the next, ≥ 0; 0 for the start and the end only
 * @param sampling how tokens are chosen. Only completions drawn from the model's own distribution
 *     give an unbiased divergence
 * @param seed the random seed; the draws are the same each time
 * @param initial loads the initial policy, for the divergence from it; it is closed after each use.
 *     Empty for no divergence
 */
public record SampleSettings(
    ImmutableList<ImmutableIntArray> prompts,
    long every,
    Sampling sampling,
    long seed,
    Optional<Supplier<LanguageModel>> initial) {

  private static final int MAX_NEW_TOKENS = 128;
  private static final long SEED = 42;

  /**
   * Checks the settings.
   *
   * @throws io.github.tralign.InvalidSettingException if there is no prompt, or {@code every} is
   *     negative
   */
  public SampleSettings {
    requireNonNull(sampling, "sampling");
    requireNonNull(initial, "initial");
    require(!prompts.isEmpty(), "samplePrompts", "the number of prompts must be >= 1, not 0");
    require(
        every >= 0,
        "sampleEvery",
        "the number of steps between samples must be >= 0, not " + every);
  }

  /** At the start and the end, drawn from the model's own distribution, at most 128 tokens. */
  public static SampleSettings of(List<ImmutableIntArray> prompts) {
    return new SampleSettings(
        ImmutableList.copyOf(requireNonNull(prompts, "prompts")),
        0,
        Sampling.ofModel().maxNewTokens(MAX_NEW_TOKENS),
        SEED,
        Optional.empty());
  }

  /** The same with another number of steps from one time to the next. */
  public SampleSettings every(long steps) {
    return new SampleSettings(prompts, steps, sampling, seed, initial);
  }

  /** The same with another choice of tokens, such as with end tokens. */
  public SampleSettings sampling(Sampling other) {
    return new SampleSettings(prompts, every, requireNonNull(other, "other"), seed, initial);
  }

  /** The same with another random seed. */
  public SampleSettings seed(long number) {
    return new SampleSettings(prompts, every, sampling, number, initial);
  }

  /** The same with a way to load the initial policy. */
  public SampleSettings initial(Supplier<LanguageModel> loading) {
    return new SampleSettings(
        prompts, every, sampling, seed, Optional.of(requireNonNull(loading, "loading")));
  }
}
