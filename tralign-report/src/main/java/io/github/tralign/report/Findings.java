package io.github.tralign.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.github.tralign.report.Curves.Curve;
import io.github.tralign.text.Numbers;
import java.util.Comparator;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Checks a run's metrics for common problems. Curves are judged by the means of the first and last
 * tenth of their points.
 */
final class Findings {

  /** Log-ratio per token: the policy finds tokens e times as likely, or unlikely, as before. */
  private static final double FAR = 1;

  /** How much of their log-probability chosen completions may lose: a factor of e. */
  private static final double FALLEN = 1;

  /** The same, as a share of the margin. */
  private static final double FALLEN_SHARE = 0.5;

  private static final double LENGTH_BIAS = 1.5;
  private static final double SKIPPED = 0.01;
  private static final double CHANCE = 0.5;
  private static final long STEPS_TO_LEARN = 10;
  private static final double SATURATED = 0.99;
  private static final double CLIPPED = 0.1;
  private static final double LEAST_PULL = 0.1;

  /** Losses on means per token, whose log-probabilities do not grow with the length. */
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
   * All findings, warnings first.
   *
   * @param chosenOverRejected mean length of chosen over that of rejected completions, if there are
   *     pairs
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
                  + " metrics.jsonl have no loss or no grad_norm. The progress output lists their rows: look for texts that the model finds almost impossible."
                  + " If many steps are skipped, first try a smaller learning rate.",
              "This is a warning if at least 1 % of the steps were skipped: fewer are caused by single"
                  + " rows, more by the settings."));
    }
  }

  private void endedEarly() {
    @Nullable String why = run.summary().get("early_stop");
    if (why != null) {
      found.add(
          Finding.note(
              say("The run ended early, after step %,d", curves.steps()),
              "As set by --early-stop: " + why + ". model/ has the last weights, not the best.",
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
    if (lost <= FALLEN * run.beta().orElse(1) // so that no warning is too early
        || lost <= FALLEN_SHARE * margin) {
      return;
    }
    boolean both = rejected.late() < 0 && margin > 0;
    found.add(
        Finding.warning(
            say(
                "Chosen completions have become less likely than at the start: reward %.3f"
                    + " against the initial policy",
                chosen.late()),
            "A loss on pairs only requires that the chosen completion gains on the rejected one; "
                + (both ? "here both fall, the rejected one faster. " : "")
                + "The probability that they lose goes to texts that are in no pair. A small loss is"
                + " usual; a large one makes answers drift. To limit it: a term that keeps the"
                + " chosen completions likely (--sft-weight 0.1, or --loss dpop), a smaller learning"
                + " rate, fewer epochs, or a larger β. Pairs that differ in only a few words make it"
                + " worse.",
            "Shown if they lose more than half of the margin, so that most of it comes from"
                + " making texts unlikely, and if a completion is less than 1/e times as likely as"
                + " at the start; less may be noise."));
  }

  private void policyWentFar() {
    @Nullable Curve ratios = curve("initial/logratios");
    if (ratios != null && Math.abs(ratios.late()) > FAR) {
      found.add(
          Finding.warning(
              say("The policy is far from its start: log-ratio %.2f per token", ratios.late()),
              "Over the data's tokens, the mean of log π − log π_start is more than 1 in size: the"
                  + " policy finds them less than 1/e or more than e times as likely as the initial"
                  + " policy did."
                  + " Such a policy often repeats itself or writes nonsense. Read some of its"
                  + " completions (--sample-prompts shows them here); then try a smaller learning rate, fewer steps, a larger β, or a"
                  + " reference that moves less (a smaller α, a longer τ).",
              "Shown beyond ±1 per token: a text of 20 tokens is then e²⁰ times as likely or"
                  + " unlikely as before, which is no longer a small adjustment."));
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
                  + " after (--sample-prompts does). To avoid this: --ld-alpha, or a loss on means per token (dpo-norm,"
                  + " ipo-mean, simpo).",
              "Shown for losses on sums if the mean lengths differ by a factor of at least 1.5: then"
                  + " length alone may distinguish chosen from rejected."));
    }
  }

  private void nothingLearned() {
    @Nullable Curve accuracy = curve("initial/rewards/accuracies");
    if (accuracy != null && curves.steps() >= STEPS_TO_LEARN && accuracy.late() <= CHANCE) {
      found.add(
          Finding.warning(
              say("%.0f %% accuracy against the initial policy", 100 * accuracy.late()),
              "No better than chance: the run was too short or its learning rate too small, or"
                  + " chosen and rejected are swapped in the data.",
              "Shown at 50 % or less, which guessing also reaches, and after at least 10 steps;"
                  + " fewer steps say little."));
    }
  }

  private void saturated() {
    @Nullable Curve accuracy = curve("rewards/accuracies");
    if (accuracy != null && fixed() && accuracy.late() >= SATURATED) {
      found.add(
          Finding.note(
              say("%.1f %% accuracy on the training batches", 100 * accuracy.late()),
              "There is little left to learn from these pairs. If it is much lower on held-out"
                  + " pairs, the run was too long.",
              "Shown from 99 % on, for a fixed reference."));
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
              say("Gradients were clipped, to %.2g of their norm at the end", factor.late()),
              "With Adam this changes little by itself, since Adam divides by the gradient's own"
                  + " magnitude; it matters if norms differ from step to step. --max-grad-norm sets"
                  + " the limit.",
              "Shown below 0.1; weaker clipping is usual."));
    }
  }

  /** Margins against a moving reference say little about progress, but people worry about them. */
  private void movingReference() {
    String rule = run.settings().getOrDefault("reference", "none");
    if (rule.startsWith("soft") || rule.startsWith("mixed")) {
      found.add(
          Finding.note(
              "Margins and log-ratios against the current reference always stay near 0",
              "The reference ("
                  + rule
                  + ") follows the policy"
                  + lag()
                  + ", so the DPO loss stays near ln 2 = 0.693 and accuracies against the reference"
                  + " say little. Progress shows in the curves against the initial policy."
                  + pull(),
              ""));
    } else if (!fixed() && !rule.equals("none")) {
      found.add(
          Finding.note(
              "Margins and log-ratios against the current reference start over at each update",
              "Right after a copy, policy and reference are the same: margins are 0, and so is the"
                  + " accuracy, since a tie is not a win. Progress shows in the curves against the initial policy."
                  + pull(),
              ""));
    }
  }

  private String lag() {
    OptionalDouble lag = run.referenceLag();
    return lag.isPresent()
        ? say(", on average %s steps behind", Numbers.rounded(lag.getAsDouble(), 3))
        : "";
  }

  /** What β means with this reference. */
  private String pull() {
    OptionalDouble pull = run.betaLag();
    if (pull.isEmpty()) {
      return "";
    }
    return say(
        " β times the mean lag of the reference in steps is %s. Runs that differ only in β and rule,"
            + " with the same product, end at about the same distance from their start; a fixed"
            + " reference lags by half the run.%s",
        Numbers.rounded(pull.getAsDouble(), 3),
        pull.getAsDouble() < LEAST_PULL
            ? " Below about 0.1, β has hardly any influence with dpo, ipo and kto: a smaller one"
                + " would give nearly the same run."
            : "");
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
