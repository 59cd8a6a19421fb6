package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tralign.InvalidInputException;
import io.github.tralign.TR;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** A run of twelve steps of a small policy, cut off or not, and what it leaves behind. */
final class ShortRun {

  static final int STEPS = 12;

  private ShortRun() {}

  /**
   * All that a run leaves behind.
   *
   * @param best the weights of the best evaluation, if there was one
   */
  record Trace(
      Map<Long, Map<String, Double>> metrics,
      double[] weights,
      Optional<double[]> best,
      TrainingResult result) {}

  /** Losses on whole distributions cannot be, once the reference moves. */
  static boolean isEvaluated(AlignmentLoss loss, ReferencePolicy rule) {
    return !loss.usesDivergence() || rule instanceof FixedReference;
  }

  private static PreferenceData data(AlignmentLoss loss) {
    PreferenceData pairs = PreferenceData.of(Toy.pairs(8));
    return loss.usesMismatched() ? pairs.unpaired() : pairs;
  }

  /** The same run on a stream of the same examples. */
  static TrainerBuilder streamed(AlignmentLoss loss, ReferencePolicy rule) {
    return settings(loss, rule).data(PreferenceStream.of(data(loss).examples()));
  }

  /** A run of any loss and rule. */
  static TrainerBuilder settings(AlignmentLoss loss, ReferencePolicy rule) {
    PreferenceData data = data(loss);
    boolean evaluated = isEvaluated(loss, rule);
    return Toy.trainer(Toy.policy(), 8)
        .data(data)
        .evaluation(evaluated ? data.examples().subList(0, 4) : List.of())
        .evaluationEvery(evaluated ? 2 : 0)
        .loss(loss)
        .reference(rule)
        .maxSteps(STEPS);
  }

  /** A run of DPO. */
  static TrainerBuilder toy(Policy policy, ReferencePolicy rule) {
    return settings(TR.dpo(0.3), rule).policy(policy);
  }

  /** The whole run, and what it leaves. */
  static Trace trace(TrainerBuilder settings) {
    Map<Long, Map<String, Double>> metrics = new TreeMap<>();
    Map<Long, double[]> weights = new TreeMap<>();
    Policy policy = Toy.policy();
    TrainingResult result =
        settings
            .policy(policy)
            .listener(collectInto(metrics))
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(StepMetrics step) {
                    weights.put(step.step(), Toy.weights(policy));
                  }
                })
            .build()
            .train();
    return new Trace(
        metrics, Toy.weights(policy), result.best().map(best -> weights.get(best.step())), result);
  }

  /** A run of DPO that was stopped after its 6th step: its checkpoint. */
  static Checkpoint half(CheckpointStore store, ReferencePolicy rule) {
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    trainer.set(
        toy(Toy.policy(), rule)
            .checkpoints(store)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(StepMetrics metrics) {
                    if (metrics.step() == 6) {
                      trainer.get().stop();
                    }
                  }
                })
            .build());
    assertThat(trainer.get().train().completed()).isFalse();
    return store.newest(complaint -> {}).orElseThrow();
  }

  /** Keeps each step's figures, without what depends on the clock. */
  static TrainingListener collectInto(Map<Long, Map<String, Double>> metrics) {
    return new TrainingListener() {
      @Override
      public void onStep(StepMetrics step) {
        Map<String, Double> values = new TreeMap<>(step.values());
        values.remove("pairs_per_second");
        metrics.put(step.step(), values);
      }
    };
  }

  /** Whoever goes on so is told why that cannot be. */
  static void refused(TrainerBuilder settings, String... because) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> settings.build().train())
        .withMessageContainingAll(because);
  }

  /** The lines of a run's metrics, without what depends on the clock. */
  static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.replaceFirst("\"pairs_per_second\":[^,}]*", ""))
        .toList();
  }
}
