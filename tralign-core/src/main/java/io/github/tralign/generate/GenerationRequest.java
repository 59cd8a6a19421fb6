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
 * @param alternatives the number of most probable tokens that each {@link GeneratedToken} has, ≥ 0
 */
public record GenerationRequest(
    ImmutableIntArray prompt,
    int samples,
    Sampling sampling,
    long seed,
    long row,
    int alternatives) {

  /**
   * Checks prompt and numbers.
   *
   * @throws InvalidSettingException if the prompt has no token or a negative one, there is no
   *     sample, or the number of alternatives is negative
   */
  public GenerationRequest {
    requireNonNull(prompt, "prompt");
    requireNonNull(sampling, "sampling");
    require(!prompt.isEmpty(), "prompt", "the prompt has no token; at least one is required");
    require(
        prompt.stream().allMatch(id -> id >= 0), "prompt", "the prompt has a negative token id");
    require(samples >= 1, "samples", "samples must be at least 1, not " + samples);
    require(
        alternatives >= 0, "alternatives", "alternatives must be at least 0, not " + alternatives);
  }

  /**
   * Without alternatives.
   *
   * @throws InvalidSettingException as the other constructor does
   */
  public GenerationRequest(
      ImmutableIntArray prompt, int samples, Sampling sampling, long seed, long row) {
    this(prompt, samples, sampling, seed, row, 0);
  }

  /** One sample with the seed 0 and the row 0. */
  public static GenerationRequest of(int[] prompt, Sampling sampling) {
    requireNonNull(prompt, "prompt");
    return new GenerationRequest(ImmutableIntArray.copyOf(prompt), 1, sampling, 0, 0);
  }

  /** The same with another number of completions. */
  public GenerationRequest samples(int number) {
    return new GenerationRequest(prompt, number, sampling, seed, row, alternatives);
  }

  /** The same with another seed. */
  public GenerationRequest seed(long number) {
    return new GenerationRequest(prompt, samples, sampling, number, row, alternatives);
  }

  /** The same with another row. */
  public GenerationRequest row(long number) {
    return new GenerationRequest(prompt, samples, sampling, seed, number, alternatives);
  }

  /** The same with another number of alternatives; the completions do not change. */
  public GenerationRequest alternatives(int number) {
    return new GenerationRequest(prompt, samples, sampling, seed, row, number);
  }
}
