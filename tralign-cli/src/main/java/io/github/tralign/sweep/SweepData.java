package io.github.tralign.sweep;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.data.Example;
import io.github.tralign.random.L64X128Mix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The pairs of a sweep: those that runs are trained on, those of the judge, and those whose prompts
 * are answered. No prompt is in two of the parts; of several pairs with one prompt the first
 * counts.
 */
public final class SweepData {

  /**
   * How many pairs each part has.
   *
   * @param training that a run is trained on, ≥ 1; 0 for all that are left
   * @param judge that the judge is trained on, ≥ 1; 0 for a third of those without the held-out
   *     ones
   * @param heldOut whose prompts are answered, ≥ 2
   */
  public record Sizes(int training, int judge, int heldOut) {}

  /** The parts of one seed. */
  record Parts(List<Example> training, List<Example> judge, List<Example> heldOut) {}

  private final List<Example> pairs;
  private final List<Example> held; // empty: part of the pairs
  private final Sizes sizes;

  /**
   * Checks that there are enough pairs.
   *
   * @param pairs to be divided
   * @param held pairs of other files, for the held-out prompts; empty to take them from {@code
   *     pairs}
   * @throws InvalidSettingException if an example is no pair or there are too few
   */
  public SweepData(List<Example> pairs, List<Example> held, Sizes sizes) {
    this.held = distinct(held, Set.of());
    this.pairs = distinct(pairs, prompts(this.held));
    int left = this.pairs.size() - (held.isEmpty() ? sizes.heldOut() : 0);
    require(sizes.heldOut() >= 2, "evalPrompts", "must be at least 2, not " + sizes.heldOut());
    int available = held.isEmpty() ? this.pairs.size() : this.held.size();
    require(
        available >= sizes.heldOut(),
        "evalPrompts",
        "must be at most " + available + ", the number of pairs with different prompts");
    int judge = sizes.judge() == 0 ? left / 3 : sizes.judge();
    require(
        judge >= 1 && judge < left,
        "judgePairs",
        "must be at least 1 and leave a pair for training, of " + Math.max(0, left));
    int training = sizes.training() == 0 ? left - judge : sizes.training();
    require(
        training >= 1 && training <= left - judge,
        "trainPairs",
        "must be at least 1 and at most " + (left - judge) + ", which are left, not " + training);
    this.sizes = new Sizes(training, judge, sizes.heldOut());
  }

  private static void require(boolean condition, String setting, String message) {
    InvalidSettingException.require(condition, setting, message);
  }

  private static List<Example> distinct(List<Example> examples, Set<?> without) {
    Map<Object, Example> byPrompt = new LinkedHashMap<>();
    for (Example example : examples) {
      require(
          example.isPair(), "data", example.origin() + " is no pair; a sweep compares on pairs");
      if (!without.contains(example.prompt())) {
        byPrompt.putIfAbsent(example.prompt(), example);
      }
    }
    return new ArrayList<>(byPrompt.values());
  }

  private static Set<Object> prompts(List<Example> examples) {
    Function<Example, Object> prompt = Example::prompt;
    return examples.stream().map(prompt).collect(Collectors.toSet());
  }

  /** The numbers of pairs, none of them 0. */
  public Sizes sizes() {
    return sizes;
  }

  /** The parts of a seed, the same in all its runs. */
  Parts parts(long seed) {
    RandomGenerator random = new L64X128Mix(seed);
    List<Example> shuffled = shuffled(pairs, random);
    List<Example> others = held.isEmpty() ? shuffled : shuffled(held, random);
    int from = held.isEmpty() ? sizes.heldOut() : 0;
    int middle = from + sizes.judge();
    return new Parts(
        List.copyOf(shuffled.subList(middle, middle + sizes.training())),
        List.copyOf(shuffled.subList(from, middle)),
        List.copyOf(others.subList(0, sizes.heldOut())));
  }

  private static List<Example> shuffled(List<Example> examples, RandomGenerator random) {
    List<Example> shuffled = new ArrayList<>(examples);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      Collections.swap(shuffled, i, random.nextInt(i + 1));
    }
    return shuffled;
  }
}
