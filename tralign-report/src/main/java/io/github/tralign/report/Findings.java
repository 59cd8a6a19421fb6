package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.github.tralign.report.Curves.Curve;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a run's figures for what people ask about most. What is compared are the means of the
 * first and of the last tenth of the points of a curve.
 */
final class Findings {

  /** Log-ratio of a token: the policy finds it e times as likely, or unlikely, as before. */
  private static final double FAR = 1;

  /** What chosen completions may lose of their log-probability: a factor of e. */
  private static final double FALLEN = 1;

  /** The same as a share of the margin. */
  private static final double FALLEN_SHARE = 0.5;

  private static final double LENGTH_BIAS = 1.5;
  private static final double SKIPPED = 0.01;
  private static final double CHANCE = 0.5;
  private static final long STEPS_TO_LEARN = 10;
  private static final double SATURATED = 0.99;
  private static final double CLIPPED = 0.1;

  /** Losses on means per token: a longer completion has no larger log-probability there. */
  private static final ImmutableSet<String> ON_MEANS =
      ImmutableSet.of("ipo-mean", "dpo-norm", "simpo", "alphapo", "orpo", "cpo-ipo", "sft");

  private final RunFiles run;
  private final Curves curves;
  private final ImmutableList.Builder<Finding> found = ImmutableList.builder();

  private Findings(RunFiles run) {
    this.run = run;
    this.curves = run.curves();
  }

  /**
   * Everything worth saying, warnings first.
   *
   * @param chosenOverRejected by how many times chosen completions are longer, if that is known
   */
  static ImmutableList<Finding> of(RunFiles run, OptionalDouble chosenOverRejected) {
    Findings findings = new Findings(run);
    findings.skippedSteps();
    findings.chosenFalls();
    findings.policyWentFar();
    chosenOverRejected.ifPresent(findings::lengthBias);
    findings.nothingLearned();
    findings.saturated();
    findings.clipped();
    findings.movingReference();
    findings.endedEarly();
    return ImmutableList.sortedCopyOf(
        Comparator.comparing(it -> !it.warning()), findings.found.build());
  }

  private void skippedSteps() {
    @Nullable Curve skipped = curve("num_skipped_steps");
    if (skipped != null && skipped.last() > 0) {
      found.add(
          new Finding(
              skipped.last() >= SKIPPED * curves.steps(),
              say("%.0f of %,d steps were skipped", skipped.last(), curves.steps()),
              "Their loss or gradient was not finite, so they changed nothing; their lines in"
                  + " metrics.jsonl have no loss or no grad_norm. The progress names their rows:"
                  + " look at these for texts that the model finds all but impossible. Where many"
                  + " steps are skipped, a smaller learning rate is the first thing to try.",
              "A warning from 1 % of the steps on: fewer come from single rows, more from the"
                  + " settings."));
    }
  }

  private void endedEarly() {
    @Nullable String why = run.summary().get("early_stop");
    if (why != null) {
      found.add(
          Finding.note(
              say("The run ended early, after step %,d", curves.steps()),
              "As --early-stop asks for: " + why + ". model/ has the last weights, not the best.",
              ""));
    }
  }

  private void chosenFalls() {
    @Nullable Curve chosen = curve("initial/rewards/chosen");
    @Nullable Curve rejected = curve("initial/rewards/rejected");
    if (chosen == null || rejected == null) {
      return;
    }
    double lost = -chosen.late();
    double margin = chosen.late() - rejected.late();
    if (lost <= FALLEN * beta() || lost <= FALLEN_SHARE * margin) {
      return;
    }
    boolean both = rejected.late() < 0 && margin > 0;
    found.add(
        Finding.warning(
            say(
                "Chosen completions have become less likely than at the start: reward %.3f"
                    + " against the initial policy",
                chosen.late()),
            "A loss on pairs asks only that the chosen completion gains on the rejected one; "
                + (both ? "here both fall, the rejected one faster. " : "")
                + "The probability that they lose goes to texts that are in no pair. A little of it"
                + " is usual; much of it makes answers drift. To hold it back: a term that keeps"
                + " the chosen completions (--sft-weight 0.1, or --loss dpop), a smaller learning"
                + " rate, fewer epochs, or a larger β. Pairs that differ in a few words only make"
                + " it worse.",
            "Said when they lose more than half of the margin, so that most of it comes from"
                + " making texts unlikely, and a completion is less than 1/e times as likely"
                + " as at the start; less than that may be noise."));
  }

  /** The scale of the rewards; 1 where it is not known, so that nothing is said too early. */
  private double beta() {
    @Nullable String beta = run.settings().get("beta");
    try {
      return beta == null ? 1 : Double.parseDouble(beta);
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  private void policyWentFar() {
    @Nullable Curve ratios = curve("initial/logratios");
    if (ratios != null && Math.abs(ratios.late()) > FAR) {
      found.add(
          Finding.warning(
              say("The policy is far from its start: log-ratio %.2f a token", ratios.late()),
              "Over the data's tokens, the mean of log π − log π_start is more than 1 in size: the"
                  + " policy finds them less than 1/e or more than e times as likely as the initial"
                  + " policy did."
                  + " Such a policy often repeats itself or writes nonsense. Read some of its"
                  + " completions; then try a smaller learning rate, fewer steps, a larger β, or a"
                  + " reference that moves less (a smaller α, a longer τ).",
              "Said beyond ±1 a token: a text of 20 tokens is then e²⁰ times as likely or unlikely"
                  + " as it was, which is no adjustment any more."));
    }
  }

  private void lengthBias(double ratio) {
    boolean sums = !ON_MEANS.contains(run.settings().getOrDefault("loss", ""));
    boolean desensitized = run.settings().containsKey("ld-alpha");
    if (sums && !desensitized && (ratio >= LENGTH_BIAS || ratio <= 1 / LENGTH_BIAS)) {
      String longer = ratio > 1 ? "longer" : "shorter";
      found.add(
          Finding.warning(
              say("Chosen completions are %.2f times as long as rejected ones", ratio),
              "Log-probabilities are sums over tokens, so a policy can lower the loss by writing "
                  + longer
                  + " texts, whatever they say. Compare lengths of its completions before and"
                  + " after. Against it: --ld-alpha, or a loss on means per token (dpo-norm,"
                  + " ipo-mean, simpo).",
              "Said from a factor of 1.5 between the mean lengths on, of losses on sums only: then"
                  + " length alone may tell chosen from rejected."));
    }
  }

  private void nothingLearned() {
    @Nullable Curve accuracy = curve("initial/rewards/accuracies");
    if (accuracy != null && curves.steps() >= STEPS_TO_LEARN && accuracy.late() <= CHANCE) {
      found.add(
          Finding.warning(
              say("%.0f %% accuracy against the initial policy", 100 * accuracy.late()),
              "No better than chance: the run was too short or its learning rate too small, or"
                  + " chosen and rejected are mixed up in the data.",
              "Said at 50 % or less, which guessing reaches too, and after 10 steps or more: fewer"
                  + " show nothing."));
    }
  }

  private void saturated() {
    @Nullable Curve accuracy = curve("rewards/accuracies");
    if (accuracy != null && fixed() && accuracy.late() >= SATURATED) {
      found.add(
          Finding.note(
              say("%.1f %% accuracy on the training batches", 100 * accuracy.late()),
              "There is little left to learn from these pairs. If it is much lower on held-out"
                  + " pairs, the run went on for too long.",
              "Said from 99 % on, of a fixed reference."));
    }
  }

  private void clipped() {
    @Nullable Curve factor = curve("diagnostics/clip_factor");
    if (factor == null) {
      return;
    }
    if (factor.late() < CLIPPED) {
      found.add(
          Finding.note(
              say("Gradients were clipped, to %.2g of their size in the end", factor.late()),
              "With Adam this changes little by itself, as it divides by the gradient's own size;"
                  + " it matters where sizes differ from step to step. --max-grad-norm sets the"
                  + " limit.",
              "Said below a tenth; a milder clip is usual."));
    }
  }

  /** Margins against a reference that follows say nothing, and people worry about them. */
  private void movingReference() {
    String rule = run.settings().getOrDefault("reference", "none");
    if (rule.startsWith("soft") || rule.startsWith("mixed")) {
      found.add(
          Finding.note(
              "Margins and log-ratios against the current reference are near 0 by nature",
              "The reference ("
                  + rule
                  + ") follows the policy"
                  + alpha(rule).map(Findings::lag).orElse("")
                  + ", so the DPO loss stays near ln 2 = 0.693 and accuracies against the reference"
                  + " say little. Progress is in the lines against the initial policy.",
              ""));
    } else if (!fixed() && !rule.equals("none")) {
      found.add(
          Finding.note(
              "Margins and log-ratios against the current reference start over at each update",
              "Right after a copy policy and reference are the same: margins are 0, and so is the"
                  + " accuracy, since a tie is no win. Progress is in the lines against the initial"
                  + " policy.",
              ""));
    }
  }

  private static String lag(double alpha) {
    return say(", about (1 − α)/α = %.2f of its updates behind", (1 - alpha) / alpha);
  }

  private static Optional<Double> alpha(String rule) {
    String[] parts = rule.split(":");
    try {
      return Optional.of(Double.valueOf(parts[1]));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private boolean fixed() {
    return run.settings().getOrDefault("reference", "none").equals("fixed");
  }

  private @Nullable Curve curve(String metric) {
    return curves.byName().get(metric);
  }

  @FormatMethod
  private static String say(@FormatString String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
