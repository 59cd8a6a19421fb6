package io.github.tralign.frontier;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.reference.ReferencePolicy;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** A reference rule of the grid with the lag that its β is scaled by. */
public enum ReferenceRule {
  /** The reference stays: the vanilla method. */
  FIXED(TR::fixed),
  /** Soft update with α = 0.9. */
  SOFT_9(() -> TR.soft(0.9)),
  /** Soft update with α = 0.6. */
  SOFT_6(() -> TR.soft(0.6)),
  /** Soft update with α = 0.3. */
  SOFT_3(() -> TR.soft(0.3)),
  /** Soft update with α = 0.1. */
  SOFT_1(() -> TR.soft(0.1)),
  /** Hard update every 8 steps. */
  HARD_8(() -> TR.hard(8)),
  /** Hard update every 32 steps. */
  HARD_32(() -> TR.hard(32)),
  /** Hard update every 128 steps. */
  HARD_128(() -> TR.hard(128)),
  /** A copy when the mean log-ratio of a token is beyond ±0.1; its lag is a guess. */
  DISTANCE(() -> TR.distance(0.1));

  private static final double GUESS = 20; // steps, where the lag depends on the run

  static final ImmutableList<ReferenceRule> ALL = ImmutableList.copyOf(values());

  /** Those that run where not all do. */
  static final ImmutableList<ReferenceRule> FEW = ImmutableList.of(FIXED, SOFT_6, SOFT_1, HARD_32);

  @SuppressWarnings("ImmutableEnumChecker") // stateless constructors
  private final Supplier<ReferencePolicy> rule;

  ReferenceRule(Supplier<ReferencePolicy> rule) {
    this.rule = rule;
  }

  ReferencePolicy policy() {
    return rule.get();
  }

  boolean isFixed() {
    return this == FIXED;
  }

  /**
   * The mean number of steps by which the reference is older than the policy, or a guess.
   *
   * @param steps length of the run
   */
  double lag(int steps) {
    return policy().meanLag(steps, steps).orElse(GUESS);
  }

  /** The rule of a name, as in {@code soft:0.6}. */
  static Optional<ReferenceRule> named(String name) {
    return ALL.stream().filter(rule -> rule.toString().equals(name)).findFirst();
  }

  /** Its name in options and tables. */
  @Override
  public String toString() {
    String[] parts = name().toLowerCase(Locale.ROOT).split("_", -1);
    return switch (parts[0]) {
      case "soft" -> "soft:0." + parts[1];
      case "hard" -> "hard:" + parts[1];
      default -> parts[0];
    };
  }
}
