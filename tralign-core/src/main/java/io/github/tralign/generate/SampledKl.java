package io.github.tralign.generate;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * An estimate of {@code KL(π ‖ π_init)}, the divergence of a policy from another model, from the
 * policy's own completions: the mean of {@code log π(y|x) − log π_init(y|x)}. It is unbiased if
 * completions are drawn at temperature 1 without filters.
 *
 * <p>Completions of one prompt are similar, so the standard error is that of a mean of clusters:
 * {@code √(G / (G − 1) · Σ_g (Σ_i∈g (d_i − mean))²) / n} for G prompts with n completions in all.
 * With one completion a prompt that is the usual {@code s / √n}.
 *
 * @param mean in nats a completion; the estimate may be negative, the divergence is not
 * @param standardError of the mean; NaN for a single prompt
 * @param prompts the number of prompts, G
 * @param completions the number of completions, n
 */
public record SampledKl(double mean, double standardError, int prompts, int completions) {

  /**
   * An estimate from log-probabilities of whole completions, by prompt.
   *
   * @param policy for each prompt {@code log π(y|x)} of each of its completions, such as {@link
   *     Completion#logProb}
   * @param initial the same for the other model, for example sums of its scores
   * @throws IllegalArgumentException if there is no prompt, one without a completion, or the
   *     numbers of prompts or completions differ
   */
  public static SampledKl of(List<double[]> policy, List<double[]> initial) {
    requireNonNull(policy, "policy");
    requireNonNull(initial, "initial");
    requireEqual(policy.size(), initial.size(), "prompts");
    int prompts = policy.size();
    double[] sums = new double[prompts];
    int completions = 0;
    for (int g = 0; g < prompts; g++) {
      double[] p = policy.get(g);
      double[] q = initial.get(g);
      requireEqual(p.length, q.length, "completions of prompt " + g);
      for (int i = 0; i < p.length; i++) {
        sums[g] += p[i] - q[i];
      }
      completions += p.length;
    }
    return clustered(sums, policy.stream().mapToInt(it -> it.length).toArray(), completions);
  }

  private static SampledKl clustered(double[] sums, int[] sizes, int completions) {
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    double mean = total / completions;
    double squares = 0;
    for (int g = 0; g < sums.length; g++) {
      double deviation = sums[g] - sizes[g] * mean;
      squares += deviation * deviation;
    }
    double correction = (double) sums.length / (sums.length - 1);
    double standardError =
        sums.length == 1 ? Double.NaN : Math.sqrt(correction * squares) / completions;
    return new SampledKl(mean, standardError, sums.length, completions);
  }

  private static void requireEqual(int ofPolicy, int ofInitial, String what) {
    if (ofPolicy != ofInitial || ofPolicy == 0) {
      throw new IllegalArgumentException(
          "the policy has "
              + ofPolicy
              + " "
              + what
              + " and the initial model "
              + ofInitial
              + "; both need as many, at least 1");
    }
  }
}
