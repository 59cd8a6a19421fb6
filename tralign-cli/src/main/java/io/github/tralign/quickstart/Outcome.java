package io.github.tralign.quickstart;

import io.github.tralign.policy.Policy;

/**
 * The results of a run on the held-out pairs.
 *
 * @param title the run's title
 * @param reference the reference rule
 * @param accuracy share of pairs with a positive margin against the start
 * @param marginToReference mean reward margin against the current reference
 * @param marginToStart mean reward margin against the policy at the start
 * @param chosen mean log-probability of the chosen completions
 * @param rejected mean log-probability of the rejected completions
 * @param chosenChange mean change of the chosen log-probability since the start
 * @param logRatio mean of {@code log π − log π_start} over completion tokens
 * @param distance {@code ‖θ − θ_start‖ / ‖θ_start‖}
 */
record Outcome(
    String title,
    String reference,
    double accuracy,
    double marginToReference,
    double marginToStart,
    double chosen,
    double rejected,
    double chosenChange,
    double logRatio,
    double distance) {

  static Outcome of(
      Method method,
      double beta,
      Policy policy,
      HeldOut heldOut,
      Start start,
      double[][] reference) {
    double[][] scores = heldOut.score(policy);
    double chosen = HeldOut.mean(scores, 0);
    return new Outcome(
        method.title(),
        method.rule().toString(),
        HeldOut.accuracy(scores, start.scores()),
        beta * HeldOut.margin(scores, reference),
        beta * HeldOut.margin(scores, start.scores()),
        chosen,
        HeldOut.mean(scores, 1),
        chosen - HeldOut.mean(start.scores(), 0),
        heldOut.logRatio(scores, start.scores()),
        start.distance(policy));
  }
}
