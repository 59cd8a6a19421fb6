package io.github.tralign.generate;

import static io.github.tralign.InvalidSettingException.require;
import static java.util.Objects.requireNonNull;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidSettingException;

/**
 * A prompt to complete.
 *
 * @param prompt the prompt's token ids, at least one
 * @param samples the number of completions, ≥ 1; the prompt is computed once for all
 * @param sampling how tokens are chosen, and when a completion ends
 * @param seed the random numbers of a token depend on this seed, the request's row, the sample and
 *     the token's position only
 * @param row a number that tells requests with one seed apart, such as the prompt's line
 */
public record GenerationRequest(
    ImmutableIntArray prompt, int samples, Sampling sampling, long seed, long row) {

  /**
   * Checks prompt and samples.
   *
   * @throws InvalidSettingException if the prompt has no token or a negative one, or there is no
   *     sample
   */
  public GenerationRequest {
    requireNonNull(prompt, "prompt");
    requireNonNull(sampling, "sampling");
    require(!prompt.isEmpty(), "prompt", "the prompt has no token; at least one is required");
    require(
        prompt.stream().allMatch(id -> id >= 0), "prompt", "the prompt has a negative token id");
    require(samples >= 1, "samples", "samples must be at least 1, not " + samples);
  }

  /** One sample with the seed 0 and the row 0. */
  public static GenerationRequest of(int[] prompt, Sampling sampling) {
    requireNonNull(prompt, "prompt");
    return new GenerationRequest(ImmutableIntArray.copyOf(prompt), 1, sampling, 0, 0);
  }

  /** The same with another number of completions. */
  public GenerationRequest samples(int number) {
    return new GenerationRequest(prompt, number, sampling, seed, row);
  }

  /** The same with another seed. */
  public GenerationRequest seed(long number) {
    return new GenerationRequest(prompt, samples, sampling, number, row);
  }

  /** The same with another row. */
  public GenerationRequest row(long number) {
    return new GenerationRequest(prompt, samples, sampling, seed, number);
  }
}
