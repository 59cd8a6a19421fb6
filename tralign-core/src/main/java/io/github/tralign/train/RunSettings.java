package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Longs;
import io.github.tralign.InvalidInputException;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings that determine a run's results, by name. A run that is resumed must have the same.
 *
 * @param values by name
 */
record RunSettings(Map<String, String> values) {

  private static final String MODEL = "model";
  private static final String PROBE = "probe";
  private static final String EVALUATION = "evaluation data";
  private static final String STEPS = "steps";
  private static final String WINDOW = "shuffle window";
  private static final String SCORES = "reference scores";
  private static final String PROCESSES = "processes";

  /** Settings that may never change, even if the run is resumed anyway. */
  private static final Set<String> FIXED = Set.of(MODEL, PROBE, EVALUATION, SCORES);

  /** Further ones where the reference's scores are kept instead of its weights. */
  private static final Set<String> FIXED_BY_SCORES =
      Set.of("data", "loss", "reference", "batch size", "shuffle", WINDOW, "seed");

  /**
   * The settings of a run.
   *
   * @param scores where the reference's scores come from, see {@link ReferenceScores#kind}
   */
  static RunSettings of(TrainerSettings settings, String scores, long totalSteps) {
    AlignmentLoss loss = settings.loss();
    BatchSettings batches = settings.batches();
    LearningRatePlan plan = settings.optimizer().plan();
    ParameterGroups groups = settings.optimizer().groups();
    Map<String, String> values = new LinkedHashMap<>();
    values.put(MODEL, model(settings.policy()));
    String computation = settings.policy().computation();
    if (!computation.isEmpty()) {
      values.put("computation", computation);
    }
    values.put("data", settings.data().describe() + lengthOf(settings.data().maxLength(), loss));
    values.put("loss", describe(loss));
    values.put("reference", loss.usesReference() ? describe(settings.reference()) : "none");
    values.put(SCORES, scores);
    values.put(STEPS, String.valueOf(totalSteps));
    values.put("batch size", String.valueOf(batches.size()));
    values.put("shuffle", String.valueOf(batches.shuffle()));
    if (settings.data().isStreamed()) {
      values.put(WINDOW, String.valueOf(batches.usedWindow()));
    }
    values.put("seed", String.valueOf(batches.seed()));
    values.put("learning rate", String.valueOf(plan.learningRate()));
    values.put("schedule", shape(plan.schedule()));
    values.put("warm-up steps", String.valueOf(plan.warmup(totalSteps)));
    values.put("optimizer", settings.optimizer().adamW().toString());
    values.put("parameter groups", groups.groups().toString());
    values.put("decayed parameters", groups.decayed().toString());
    values.put("maximal gradient norm", String.valueOf(settings.optimizer().maxGradNorm()));
    values.put("micro-batch tokens", String.valueOf(batches.microBatchTokens()));
    if (settings.policy().processGroup().size() > 1) {
      values.put(PROCESSES, String.valueOf(settings.policy().processGroup().size()));
    }
    values.put(PROBE, ExamplesInMemory.describe(settings.probe().examples()));
    values.put("steps between probes", String.valueOf(settings.probe().every()));
    EvaluationSettings evaluation = settings.evaluation();
    values.put(
        EVALUATION, evaluation.asked() ? ExamplesInMemory.describe(evaluation.examples()) : "none");
    values.put("steps between evaluations", String.valueOf(evaluation.every()));
    values.put("best metric", evaluation.metric().toString());
    values.put("evaluations to an early stop", String.valueOf(evaluation.earlyStop()));
    values.putAll(settings.checkpoints().provenance());
    return new RunSettings(values);
  }

  /**
   * The settings of a checkpoint. Another length of the run counts as the same if it changes no
   * learning rate of the steps done.
   */
  static Map<String, String> before(RunState from, LearningRatePlan plan, long totalSteps) {
    @Nullable Long total = Longs.tryParse(from.settings().getOrDefault(STEPS, ""));
    if (total == null
        || totalSteps < from.step()
        || !plan.isSameUntil(from.step(), total, totalSteps)) {
      return from.settings();
    }
    Map<String, String> settings = new LinkedHashMap<>(from.settings());
    settings.put(STEPS, String.valueOf(totalSteps));
    return settings;
  }

  /**
   * Compares with the settings of a checkpoint.
   *
   * @param scoredAhead whether the checkpoint has the reference's scores instead of its weights
   * @param anyway whether to resume with changed settings where that is possible
   * @return the differences with which it is resumed anyway
   * @throws InvalidInputException that names all differences that prevent it
   */
  ImmutableList<String> requireSame(
      Map<String, String> before, boolean scoredAhead, boolean anyway) {
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(values.keySet());
    ImmutableList.Builder<String> all = ImmutableList.builder();
    List<String> impossible = new ArrayList<>();
    for (String name : names) {
      String otherwise = name.equals(PROCESSES) ? "1" : "not recorded";
      String was = before.getOrDefault(name, otherwise);
      String is = values.getOrDefault(name, otherwise);
      boolean fixed = FIXED.contains(name) || scoredAhead && FIXED_BY_SCORES.contains(name);
      if (!was.equals(is)) {
        all.add(
            name
                + " was "
                + was
                + " and is "
                + is
                + (name.equals(STEPS) ? ", which changes what was done" : ""));
        if (fixed) {
          impossible.add(name);
        }
      }
    }
    ImmutableList<String> differences = all.build();
    if (!impossible.isEmpty() || !anyway && !differences.isEmpty()) {
      throw new InvalidInputException(
          "the run cannot be resumed: its settings differ from the checkpoint's: "
              + String.join("; ", differences)
              + (!impossible.isEmpty() && anyway
                  ? "; the checkpoint cannot be used with another " + String.join(", ", impossible)
                  : ""));
    }
    return differences;
  }

  private static String model(Policy policy) {
    String parameters = String.join(",", policy.parameters());
    return String.format(
        Locale.ROOT,
        "%d parameters named %s, %d tokens, length %d",
        policy.parameters().size(),
        Hashing.sha256().hashString(parameters, StandardCharsets.UTF_8).toString().substring(0, 12),
        policy.vocabularySize(),
        policy.maxLength());
  }

  /** The maximal length, which mismatched completions are cut to. */
  private static String lengthOf(int maxLength, AlignmentLoss loss) {
    return loss.usesMismatched() ? ", at most " + maxLength + " tokens" : "";
  }

  /** A schedule is a function; these points distinguish one from another. */
  private static String shape(Schedule schedule) {
    return String.format(
        Locale.ROOT,
        "%s, %s, %s",
        schedule.factor(0, 4, 2),
        schedule.factor(1, 4, 2),
        schedule.factor(3, 4, 2));
  }

  /**
   * A setting's own text, or the name of its class. The numbers of lambdas and objects are left
   * out, since they vary from process to process.
   */
  static String describe(Object setting) {
    return setting.toString().replaceAll("(\\$\\$Lambda)[/$\\w]*|@[0-9a-f]+\\b", "$1");
  }
}
