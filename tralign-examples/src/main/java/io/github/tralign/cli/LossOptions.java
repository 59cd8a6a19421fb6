package io.github.tralign.cli;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is minimized, and how the reference moves. */
final class LossOptions {

  static final String BETA = "--beta";
  static final String LABEL_SMOOTHING = "--label-smoothing";

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description = "dpo, ipo (summed) or ipo-mean (token means). Default: ${DEFAULT-VALUE}.")
  private LossKind loss = LossKind.DPO;

  @Option(
      names = BETA,
      paramLabel = "B",
      description = "Strength of the pull to the reference, > 0. Default: 0.1.")
  private @Nullable Double beta;

  @Option(
      names = LABEL_SMOOTHING,
      paramLabel = "E",
      description = "dpo: share of labels taken to be wrong, in [0, 0.5). Default: 0.")
  private @Nullable Double labelSmoothing;

  @Option(
      names = "--reference",
      paramLabel = "RULE",
      description = {
        "How the reference moves: fixed; soft:A mixes the share A of the policy in after every"
            + " step; hard:T copies the policy every T steps, or every 0.5 epochs if T is 0.5epoch;"
            + " mixed:A:T mixes every T steps; distance:D copies when the mean log-ratio leaves"
            + " ±D. Settings follow as in soft:A:warmup=100, see docs/command-line.md."
            + " Default: ${DEFAULT-VALUE}."
      })
  private ReferencePolicy reference = new FixedReference();

  double beta() {
    return beta == null ? loss.defaultBeta : beta;
  }

  double labelSmoothing() {
    return labelSmoothing == null ? 0 : labelSmoothing;
  }

  ReferencePolicy reference() {
    return reference;
  }

  /** The loss; from then on, the fields hold what is in effect, for the record of the run. */
  AlignmentLoss resolve() {
    Set<String> foreign = Sets.difference(given(), Sets.union(loss.options, Set.of(BETA)));
    for (String option : foreign) {
      throw new Refusal(option, "means nothing to --loss " + loss + "; leave one of them out");
    }
    Set<String> used = ImmutableSet.<String>builder().addAll(loss.options).add(BETA).build();
    AlignmentLoss made = Refusal.naming(used, () -> loss.make(this));
    beta = beta();
    labelSmoothing = used.contains(LABEL_SMOOTHING) ? (Double) labelSmoothing() : null;
    return made;
  }

  private Set<String> given() {
    return labelSmoothing == null ? Set.of() : Set.of(LABEL_SMOOTHING);
  }
}
