package io.github.tralign.train;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.Batches;
import io.github.tralign.data.PreferenceData;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The evaluations of a run, on examples that are not trained on: when there is one, which was the
 * best, and whether to stop early since none has been better for long.
 *
 * <p>They compare with the <em>initial</em> policy whatever the reference is: against a reference
 * that follows the policy, the loss stays near that of no progress at all.
 */
final class Evaluations {

  private static final String PREFIX = "eval_";

  private final EvaluationSettings settings;
  private final long totalSteps;
  private final String reference;
  private final Optional<InitialComparison> comparison;
  private @Nullable BestEvaluation best;
  private int sinceBest; // evaluations that were no better

  /**
   * None yet. Batches are as large as those of the training, for the losses that couple them.
   *
   * @param examples what the loss scores of a batch
   */
  Evaluations(
      TrainerSettings settings,
      StepExamples examples,
      long totalSteps,
      InitialComparison.Progress progress) {
    this.settings = settings.evaluation();
    this.totalSteps = totalSteps;
    this.comparison =
        settings.evaluation().asked()
            ? Optional.of(
                new InitialComparison(
                    settings,
                    Batches.inOrder(
                        PreferenceData.of(settings.evaluation().examples()),
                        settings.batches().size()),
                    examples,
                    progress))
            : Optional.empty();
    this.reference =
        settings.loss().usesReference() && settings.evaluation().metric().compares()
            ? BestEvaluation.INITIAL
            : BestEvaluation.NONE;
  }

  /** The policy is the initial one. */
  void begin() {
    comparison.ifPresent(InitialComparison::begin);
  }

  /** Resumes from where a run stands; by another metric the best is looked for anew. */
  void resume(RunState from) {
    if (comparison.isEmpty()) {
      return;
    }
    comparison.get().resume(from.evaluation());
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
   * After a step: the metrics of an evaluation, if it is time for one.
   *
   * @param memory what the loss has carried so far
   */
  Map<String, Double> afterStep(long step, ImmutableMap<String, Double> memory) {
    boolean due = settings.every() > 0 && step % settings.every() == 0 || step == totalSteps;
    if (comparison.isEmpty() || !due) {
      return ImmutableMap.of();
    }
    Map<String, Double> metrics = named(comparison.get().evaluate(memory));
    double value = metrics.getOrDefault(settings.metric().toString(), Double.NaN);
    if (Double.isFinite(value)
        && (best == null || settings.metric().isBetter(value, best.value()))) {
      best = new BestEvaluation(settings.metric(), reference, step, value);
      sinceBest = 0;
    } else {
      sinceBest++;
    }
    return metrics;
  }

  private static Map<String, Double> named(BatchMetrics metrics) {
    ImmutableMap.Builder<String, Double> named = ImmutableMap.builder();
    named.put(PREFIX + "loss", metrics.loss());
    metrics.ofPolicy().forEach((name, value) -> named.put(PREFIX + name, value));
    metrics
        .againstReference("logratios/initial")
        .forEach((name, value) -> named.put(PREFIX + name, value));
    return named.build();
  }

  /** The best so far; empty before the first, and where none gave a number. */
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

  /** The reason for that. */
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
    return comparison.map(InitialComparison::initial).orElseGet(() -> new double[0][]);
  }

  /** Seconds spent so far. */
  double seconds() {
    return comparison.map(InitialComparison::seconds).orElse(0.0);
  }

  /** What a run is resumed from. */
  RunState.Best state() {
    return best == null
        ? new RunState.Best(settings.metric().toString(), 0, 0, sinceBest)
        : new RunState.Best(settings.metric().toString(), best.step(), best.value(), sinceBest);
  }
}
