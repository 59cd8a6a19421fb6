package io.github.tralign.judge.arena;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Optional;

/**
 * The judge's verdict on two answers in one order.
 *
 * @param judgment the judge's reply
 * @param label such as {@code A>B}; empty if the verdict could not be read
 */
public record Game(String judgment, Optional<String> label) {

  private static final double STRONG = 3;

  /** How much better the first answer is by a label: its sign and how often it counts. */
  private static final ImmutableMap<String, Double> LABELS =
      ImmutableMap.<String, Double>builder()
          .put("A>>B", STRONG)
          .put("B<<A", STRONG)
          .put("A>B", 1.0)
          .put("B<A", 1.0)
          .put("A=B", 0.0)
          .put("B=A", 0.0)
          .put("B>A", -1.0)
          .put("A<B", -1.0)
          .put("B>>A", -STRONG)
          .put("A<<B", -STRONG)
          .buildOrThrow();

  /** Nothing may be null. */
  public Game {
    requireNonNull(judgment, "judgment");
    requireNonNull(label, "label");
  }

  /** Whether the label is one of Arena-Hard's. */
  static boolean isLabel(String label) {
    return LABELS.containsKey(label);
  }

  /** Whether the verdict could be read. */
  boolean isRead() {
    return label.filter(Game::isLabel).isPresent();
  }

  /** How much better the first answer is: 3, 1, 0, −1 or −3; only if the verdict was read. */
  double advantage() {
    return LABELS.getOrDefault(label.orElse(""), 0.0);
  }
}
