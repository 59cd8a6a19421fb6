package io.github.tralign.train;

import com.google.common.collect.ImmutableMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The evaluations of a run: when there is one, which was the best, and whether it is time to end
 * since none has been better for long.
 */
final class Evaluations {

  private final EvaluationSettings settings;
  private final long totalSteps;
  private final String reference;
  private final @Nullable Evaluation evaluation;
  private @Nullable BestEvaluation best;
  private int sinceBest; // evaluations that were no better

  /**
   * None yet.
   *
   * @param evaluation what measures; null where there is nothing to evaluate on
   * @param usesReference whether the loss compares with one, which is the initial policy here
   */
  Evaluations(
      EvaluationSettings settings,
      @Nullable Evaluation evaluation,
      boolean usesReference,
      long totalSteps) {
    this.settings = settings;
    this.totalSteps = totalSteps;
    this.evaluation = evaluation;
    this.reference =
        usesReference && settings.metric().compares()
            ? BestEvaluation.INITIAL
            : BestEvaluation.NONE;
  }

  /** The policy is the initial one. */
  void begin() {
    if (evaluation != null) {
      evaluation.begin();
    }
  }

  /** Goes on from where a run stands; by another metric the best is looked for anew. */
  void goOn(RunState from) {
    if (evaluation == null) {
      return;
    }
    evaluation.goOn(from.evaluation());
    RunState.Best before = from.best();
    if (before.metric().equals(settings.metric().toString())) {
      sinceBest = before.evaluationsSince();
      best =
          before.step() == 0
              ? null
              : new BestEvaluation(settings.metric(), reference, before.step(), before.value());
    }
  }

  /**
   * After a step: the figures of an evaluation, if it is time for one.
   *
   * @param memory what the loss has carried so far
   */
  Map<String, Double> afterStep(long step, ImmutableMap<String, Double> memory) {
    boolean due = settings.every() > 0 && step % settings.every() == 0 || step == totalSteps;
    if (evaluation == null || !due) {
      return ImmutableMap.of();
    }
    Map<String, Double> figures = evaluation.measure(memory);
    double value = figures.getOrDefault(settings.metric().toString(), Double.NaN);
    if (Double.isFinite(value)
        && (best == null || settings.metric().isBetter(value, best.value()))) {
      best = new BestEvaluation(settings.metric(), reference, step, value);
      sinceBest = 0;
    } else {
      sinceBest++;
    }
    return figures;
  }

  /** The best so far; empty before the first, and where no figure was a number. */
  Optional<BestEvaluation> best() {
    return Optional.ofNullable(best);
  }

  /** The step after which it was; 0 for none. */
  long bestStep() {
    return best == null ? 0 : best.step();
  }

  /** Whether the run is to end now, though steps may be left. */
  boolean exhausted() {
    return settings.earlyStop() > 0 && sinceBest >= settings.earlyStop();
  }

  /** Why it is, in words. */
  String whyExhausted() {
    String why =
        String.format(
            Locale.ROOT,
            "no evaluation of the last %d was better by %s%s",
            sinceBest,
            settings.metric(),
            BestEvaluation.against(reference));
    return best == null
        ? why
        : String.format(
            Locale.ROOT, "%s; the best was %.4g after step %d", why, best.value(), best.step());
  }

  /** Log-probabilities under the initial policy. */
  double[][] initial() {
    return evaluation == null ? new double[0][] : evaluation.initial();
  }

  /** Seconds spent so far. */
  double seconds() {
    return evaluation == null ? 0 : evaluation.seconds();
  }

  /** What a run goes on from. */
  RunState.Best state() {
    return best == null
        ? new RunState.Best(settings.metric().toString(), 0, 0, sinceBest)
        : new RunState.Best(settings.metric().toString(), best.step(), best.value(), sinceBest);
  }
}
