package io.github.tralign.generate;

import com.google.common.primitives.ImmutableIntArray;

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
    ImmutableIntArray prompt, int samples, Sampling sampling, long seed, long row) {}
