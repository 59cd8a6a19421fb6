package io.github.tralign.loss;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import com.google.common.collect.Multiset;
import io.github.tralign.data.Example;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A weighted sum of losses on the same batch, such as {@code TR.dpo(0.1).plus(0.2, TR.sft())}.
 *
 * <p>For example, RPO (arXiv 2404.19733) is DPO plus SFT; MPO (arXiv 2411.10442) is {@code
 * TR.dpo(β).times(0.8).plus(0.2, TR.bcoPair(β)).plus(TR.sft())}. Rewards are those of the first
 * loss. The value of each loss is reported as {@code loss/NAME}.
 *
 * @param terms at least one
 */
public record SumLoss(ImmutableList<Term> terms) implements AlignmentLoss {

  /**
   * A loss with a weight.
   *
   * @param weight &gt; 0
   * @param loss not itself a sum
   */
  public record Term(double weight, AlignmentLoss loss) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code weight} is not a number &gt; 0
     */
    public Term {
      Ranges.positive("the weight of the loss " + loss.name(), weight);
    }

    @Override
    public String toString() {
      BigDecimal factor = BigDecimal.valueOf(weight).stripTrailingZeros();
      return weight == 1 ? loss.name() : factor.toPlainString() + " " + loss.name();
    }
  }

  /**
   * Checks that the losses can be added.
   *
   * @throws IllegalArgumentException if no row fits all of them, or they weight tokens differently
   */
  public SumLoss {
    require(
        allTake(terms, Modifiers.PAIR) || allTake(terms, Modifiers.LABELLED),
        terms,
        "no row fits all of them");
    require(
        terms.stream().map(it -> it.loss().tokenWeights()).distinct().count() == 1,
        terms,
        "they weight tokens differently");
  }

  static SumLoss of(double weight, AlignmentLoss loss) {
    return loss instanceof SumLoss sum
        ? sum.times(weight)
        : new SumLoss(ImmutableList.of(new Term(weight, loss)));
  }

  @Override
  public SumLoss times(double weight) {
    return new SumLoss(
        terms.stream()
            .map(it -> new Term(weight * it.weight(), it.loss()))
            .collect(ImmutableList.toImmutableList()));
  }

  @Override
  public SumLoss plus(double weight, AlignmentLoss other) {
    requireNonNull(other, "other");
    return new SumLoss(
        ImmutableList.copyOf(Iterables.concat(terms, SumLoss.of(weight, other).terms())));
  }

  /** For example {@code 0.8 dpo + 0.2 bco-pair + sft}. */
  @Override
  public String name() {
    return terms.stream().map(Term::toString).collect(Collectors.joining(" + "));
  }

  @Override
  public boolean usesReference() {
    return any(AlignmentLoss::usesReference);
  }

  @Override
  public boolean separable() {
    return !any(it -> !it.separable());
  }

  @Override
  public boolean usesMismatched() {
    return any(AlignmentLoss::usesMismatched);
  }

  @Override
  public boolean usesDivergence() {
    return any(AlignmentLoss::usesDivergence);
  }

  @Override
  public boolean usesCollision() {
    return any(AlignmentLoss::usesCollision);
  }

  @Override
  public boolean usesLengths() {
    return any(AlignmentLoss::usesLengths);
  }

  @Override
  public TokenWeights tokenWeights() {
    return terms.get(0).loss().tokenWeights();
  }

  @Override
  public void check(Example example) {
    terms.forEach(it -> it.loss().check(example));
  }

  @Override
  public List<String> warnings(List<Example> data) {
    return terms.stream()
        .flatMap(it -> it.loss().warnings(data).stream())
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public double reward(ScoredCompletion completion) {
    return terms.get(0).loss().reward(completion);
  }

  @Override
  public boolean hasReward() {
    return terms.get(0).loss().hasReward();
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    List<LossResult> results = new ArrayList<>();
    LossResult sum = new LossResult(0, new double[0][]);
    for (int k = 0; k < terms.size(); k++) {
      Term term = terms.get(k);
      LossResult result = term.loss().evaluate(batch.withMemory(memoryOf(k, batch)));
      requireShape(term.loss(), result, batch);
      sum = sum.plus(term.weight(), result);
      results.add(result);
    }
    return sum.withMetrics(metrics(results)).withMemory(memory(results));
  }

  /** Adding a result of another shape would silently truncate it. */
  private static void requireShape(AlignmentLoss loss, LossResult result, ScoredBatch batch) {
    if (Objects.isNull(result)
        || !fits(result.gradient(), batch)
        || result.divergenceGradient().length > 0 && !fits(result.divergenceGradient(), batch)) {
      throw new IllegalStateException(
          "the loss "
              + loss.name()
              + " gives "
              + (Objects.isNull(result)
                  ? "no result, but null"
                  : "other derivatives than one for each completion of each row of the batch"));
    }
  }

  private static boolean fits(double[][] slopes, ScoredBatch batch) {
    boolean fits = slopes.length == batch.size();
    for (int i = 0; fits && i < slopes.length; i++) {
      fits = slopes[i] != null && slopes[i].length == batch.get(i).completions().size();
    }
    return fits;
  }

  /**
   * The metrics of all losses; metrics with the same name are prefixed by the name of their loss.
   */
  private ImmutableMap<String, Double> metrics(List<LossResult> results) {
    Multiset<String> names = HashMultiset.create();
    results.forEach(it -> names.addAll(it.metrics().keySet()));
    ImmutableMap.Builder<String, Double> metrics = ImmutableMap.builder();
    for (int k = 0; k < results.size(); k++) {
      String label = label(k);
      metrics.put("loss/" + label, results.get(k).value());
      results
          .get(k)
          .metrics()
          .forEach(
              (name, value) ->
                  metrics.put(names.count(name) > 1 ? label + "/" + name : name, value));
    }
    return metrics.build();
  }

  /** The name of a loss, with its position if several losses have the same name. */
  private String label(int term) {
    String name = terms.get(term).loss().name();
    boolean alone = terms.stream().filter(it -> it.loss().name().equals(name)).count() == 1;
    return alone ? name : name + "-" + (term + 1);
  }

  /** The state of all losses, each prefixed by its position in the sum. */
  private static ImmutableMap<String, Double> memory(List<LossResult> results) {
    ImmutableMap.Builder<String, Double> memory = ImmutableMap.builder();
    for (int k = 0; k < results.size(); k++) {
      String place = place(k);
      results.get(k).memory().forEach((name, value) -> memory.put(place + name, value));
    }
    return memory.build();
  }

  private static ImmutableMap<String, Double> memoryOf(int term, ScoredBatch batch) {
    String place = place(term);
    ImmutableMap.Builder<String, Double> memory = ImmutableMap.builder();
    batch
        .memory()
        .forEach(
            (name, value) -> {
              if (name.startsWith(place)) {
                memory.put(name.substring(place.length()), value);
              }
            });
    return memory.build();
  }

  private static String place(int term) {
    return term + "/";
  }

  private boolean any(Predicate<AlignmentLoss> holds) {
    return terms.stream().map(Term::loss).anyMatch(holds);
  }

  private static boolean allTake(ImmutableList<Term> terms, Example row) {
    return terms.stream().allMatch(it -> Modifiers.takes(it.loss(), row));
  }

  private static void require(boolean holds, ImmutableList<Term> terms, String otherwise) {
    if (!holds) {
      String names = terms.stream().map(Term::toString).collect(Collectors.joining(" + "));
      throw new IllegalArgumentException("the losses " + names + " cannot be added: " + otherwise);
    }
  }
}
