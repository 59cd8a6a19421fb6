package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.tralign.InvalidInputException;
import io.github.tralign.TR;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Decayed;
import io.github.tralign.policy.ParameterGroup;
import io.github.tralign.policy.ParameterGroups;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.reference.Rules;
import io.github.tralign.tabular.TabularPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was cut off anywhere goes on as if nothing had happened. */
class ResumeTest {

  private static final int STEPS = 12;

  @TempDir Path folder;

  /** Ends a run, as a power failure would, at one of the moments when listeners are told. */
  private static final class PowerFailure extends RuntimeException implements TrainingListener {

    private final int moment;
    private int moments;

    PowerFailure(int moment) {
      this.moment = moment;
    }

    private void passes() {
      if (moments++ == moment) {
        throw this;
      }
    }

    @Override
    public void onReferenceScoring(long done, long total) {
      passes();
    }

    @Override
    public void onStep(StepMetrics metrics) {
      passes();
    }

    @Override
    public void beforeCheckpoint(long step) {
      passes();
    }

    @Override
    public void onCheckpoint(long step, Path path) {
      passes();
    }
  }

  /**
   * All that a run leaves behind.
   *
   * @param best the weights of the best evaluation, if there was one
   */
  private record Trace(
      Map<Long, Map<String, Double>> metrics,
      double[] weights,
      Optional<double[]> best,
      TrainingResult result) {}

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void a_run_that_was_cut_off_is_the_uninterrupted_one_bit_for_bit(
      @ForAll("rules") ReferencePolicy rule,
      @ForAll("losses") AlignmentLoss loss,
      @ForAll @IntRange(min = 1, max = 4) int every,
      @ForAll @IntRange(min = 1, max = 3) int keepLast,
      @ForAll @IntRange(min = 1, max = 60) int microBatchTokens,
      @ForAll @IntRange(min = 0, max = 9) int moment,
      @ForAll boolean shuffle,
      @ForAll @IntRange(min = 0, max = 2) int earlyStop,
      @ForAll boolean restless)
      throws IOException {
    Path checkpoints = Files.createTempDirectory("resume-test");
    boolean evaluated = isEvaluated(loss, rule);
    Supplier<TrainerBuilder> settings =
        () ->
            settings(loss, rule)
                .microBatchTokens(microBatchTokens)
                .shuffle(shuffle)
                .probeEvery(5)
                .earlyStop(evaluated ? earlyStop : 0)
                .learningRate(restless ? 2 : 0.05) // so that evaluations get worse too
                .onNan(OnNan.SKIP);
    Trace whole = trace(settings.get());

    Map<Long, Map<String, Double>> metrics = new TreeMap<>();
    CheckpointStore store = CheckpointStore.in(checkpoints);
    Policy last = Toy.policy();
    Optional<TrainingResult> result = Optional.empty();
    for (int attempt = 0; result.isEmpty(); attempt++) {
      last = Toy.policy();
      TrainerBuilder again =
          settings
              .get()
              .policy(last)
              .checkpoints(store)
              .checkpointEvery(every)
              .keepLast(keepLast)
              .keepBest(evaluated)
              .listener(collectInto(metrics))
              .listener(new PowerFailure(moment + 5 * attempt)); // so that it gets anywhere
      store.newest(complaint -> {}).ifPresent(again::resume);
      try {
        result = Optional.of(again.build().train());
      } catch (PowerFailure e) {
        // Once more.
      }
      assertThat(store.steps()).hasSizeLessThanOrEqualTo(keepLast + (evaluated ? 1 : 0));
    }
    TrainingResult end = result.orElseThrow();
    assertThat(metrics).isEqualTo(whole.metrics());
    assertThat(Toy.weights(last)).containsExactly(whole.weights());
    assertThat(end.completed()).isTrue();
    assertThat(end.skippedSteps()).isEqualTo(whole.result().skippedSteps());
    assertThat(end.earlyStop()).isEqualTo(whole.result().earlyStop());
    assertThat(end.best()).isEqualTo(whole.result().best());
    if (end.best().isPresent()) {
      Policy best = Toy.policy();
      settings.get().policy(best).build().restore(store.whole(end.best().get().step()));
      assertThat(Toy.weights(best)).containsExactly(whole.best().orElseThrow());
    }
    store.keepOnly(Set.of());
    Files.delete(checkpoints);
  }

  @Provide
  Arbitrary<ReferencePolicy> rules() {
    return Arbitraries.oneOf(Rules.copying(), Rules.mixing());
  }

  @Provide
  Arbitrary<AlignmentLoss> losses() {
    return Arbitraries.of(
        TR.dpo(0.3),
        TR.kto(0.3),
        TR.betaDpo(0.3),
        TR.bcoPairShift(0.3),
        TR.aot(0.3),
        TR.tdpo2(0.3),
        TR.dpo(0.3).lengthDesensitized(0.5),
        new BrittleLoss(TR.dpo(0.3)),
        new BrittleLoss(TR.betaDpo(0.3)),
        new BrittleLoss(TR.kto(0.3)));
  }

  private static boolean isEvaluated(AlignmentLoss loss, ReferencePolicy rule) {
    return !loss.usesDivergence() || rule instanceof FixedReference;
  }

  private static TrainerBuilder settings(AlignmentLoss loss, ReferencePolicy rule) {
    PreferenceData pairs = PreferenceData.of(Toy.pairs(8));
    PreferenceData data = loss.usesMismatched() ? pairs.unpaired() : pairs;
    boolean evaluated = isEvaluated(loss, rule);
    return Toy.trainer(Toy.policy(), 8)
        .data(data)
        .evaluation(evaluated ? data.examples().subList(0, 4) : List.of())
        .evaluationEvery(evaluated ? 2 : 0)
        .loss(loss)
        .reference(rule)
        .maxSteps(STEPS);
  }

  private static Trace trace(TrainerBuilder settings) {
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

  private static TrainingListener collectInto(Map<Long, Map<String, Double>> metrics) {
    return new TrainingListener() {
      @Override
      public void onStep(StepMetrics step) {
        Map<String, Double> values = new TreeMap<>(step.values());
        values.remove("pairs_per_second");
        metrics.put(step.step(), values);
      }
    };
  }

  private static TrainerBuilder toy(Policy policy, ReferencePolicy rule) {
    return settings(TR.dpo(0.3), rule).policy(policy);
  }

  private CheckpointStore store() {
    return CheckpointStore.in(folder.resolve("checkpoints"));
  }

  /** A run of 12 steps that was stopped after the 6th. */
  private Checkpoint half(ReferencePolicy rule) {
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    trainer.set(
        toy(Toy.policy(), rule)
            .checkpoints(store())
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
    return store().newest(complaint -> {}).orElseThrow();
  }

  @Test
  void a_run_that_is_stopped_leaves_a_checkpoint_of_its_last_step() {
    Checkpoint half = half(TR.hard(4));
    assertThat(half.step()).isEqualTo(6);
    Policy policy = Toy.policy();
    TrainingResult result = toy(policy, TR.hard(4)).resume(half).build().train();
    assertThat(result.completed()).isTrue();
    assertThat(result.metrics()).hasSize(6);
    assertThat(result.first().step()).isEqualTo(1);
    assertThat(result.last().step()).isEqualTo(STEPS);
    assertThat(result.examples()).isEqualTo(32);
    assertThat(Toy.weights(policy)).containsExactly(trace(toy(Toy.policy(), TR.hard(4))).weights());
  }

  @Test
  void a_run_that_is_stopped_before_it_begins_leaves_nothing() {
    Trainer trainer = toy(Toy.policy(), TR.fixed()).checkpoints(store()).build();
    trainer.stop();
    assertThat(trainer.train().completed()).isFalse();
    assertThat(store().steps()).isEmpty();
  }

  /** The window is not begun, so the run that goes on begins it. */
  @Test
  void scoring_ahead_can_be_stopped() {
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    trainer.set(
        toy(Toy.policy(), TR.hard(4))
            .checkpoints(store())
            .listener(
                new TrainingListener() {
                  private int windows;

                  @Override
                  public void onReferenceScoring(long done, long total) {
                    if (done == 0 && ++windows == 2) {
                      trainer.get().stop();
                    }
                  }
                })
            .build());
    trainer.get().train();
    Checkpoint checkpoint = store().newest(complaint -> {}).orElseThrow();
    assertThat(checkpoint.step()).isEqualTo(4);
    Policy policy = Toy.policy();
    toy(policy, TR.hard(4)).resume(checkpoint).build().train();
    assertThat(Toy.weights(policy)).containsExactly(trace(toy(Toy.policy(), TR.hard(4))).weights());
  }

  @Test
  void a_finished_run_has_nothing_left_to_do() {
    toy(Toy.policy(), TR.soft(0.6)).checkpoints(store()).checkpointEvery(STEPS).build().train();
    Checkpoint end = store().newest(complaint -> {}).orElseThrow();
    Policy policy = Toy.policy();
    TrainingResult result = toy(policy, TR.soft(0.6)).resume(end).build().train();
    assertThat(result.completed()).isTrue();
    assertThat(result.metrics()).isEmpty();
    assertThat(result.last().step()).isEqualTo(STEPS);
    assertThat(Toy.weights(policy))
        .containsExactly(trace(toy(Toy.policy(), TR.soft(0.6))).weights());
  }

  @Test
  void a_damaged_checkpoint_is_passed_over_and_replaced() throws IOException {
    CheckpointStore store = store();
    toy(Toy.policy(), TR.hard(5)).checkpoints(store).checkpointEvery(3).keepLast(2).build().train();
    assertThat(store.steps()).containsExactly(9L, 12L);
    Files.writeString(store.folder().resolve("step-000012/policy/vector.f64"), "not this");
    List<String> complaints = new ArrayList<>();
    Checkpoint before = store.newest(complaints::add).orElseThrow();
    assertThat(before.step()).isEqualTo(9);
    assertThat(complaints).hasSize(1);
    assertThat(complaints.get(0)).contains("step-000012", "vector.f64", "8 bytes");
    toy(Toy.policy(), TR.hard(5))
        .checkpoints(store)
        .checkpointEvery(3)
        .keepLast(1)
        .resume(before)
        .build()
        .train();
    assertThat(store.steps()).containsExactly(12L);
    assertThat(store.newest(complaint -> {}).orElseThrow().step()).isEqualTo(12);
  }

  @Test
  void what_has_changed_is_named() {
    Checkpoint half = half(TR.hard(4));
    refused(toy(Toy.policy(), TR.hard(5)).resume(half), "reference was hard:4 and is hard:5");
    refused(toy(Toy.policy(), TR.soft(0.6)).resume(half), "is soft:0.6", "by a second copy");
    refused(toy(Toy.policy(), TR.hard(4)).loss(TR.dpo(0.4)).resume(half), "loss was", "0.4");
    refused(toy(Toy.policy(), TR.hard(4)).data(Toy.pairs(9)).resume(half), "data was 8 rows");
    refused(toy(Toy.policy(), TR.hard(4)).seed(7).resume(half), "seed was 42 and is 7");
    refused(toy(Toy.policy(), TR.hard(4)).batchSize(2).resume(half), "batch size was 3 and is 2");
    refused(
        toy(Toy.policy(), TR.hard(4)).schedule(Schedule.cosine()).learningRate(1).resume(half),
        "schedule was",
        "learning rate was 0.05 and is 1.0");
    ParameterGroups slower = ParameterGroups.of(ParameterGroup.of("*").learningRateFactor(0.5));
    refused(
        toy(Toy.policy(), TR.hard(4)).groups(slower.decayed(Decayed.MATRICES)).resume(half),
        "parameter groups was [] and is [*:lr-factor=0.5]",
        "decayed parameters was all and is matrices");
    refused(toy(TabularPolicy.random(Toy.VOCABULARY + 1, 1), TR.hard(4)).resume(half), "model was");
    refused(
        toy(Toy.policy(), TR.hard(4)).provenance(Map.of("weights", "f00")).resume(half),
        "weights was not there and is f00");
  }

  @Test
  void a_change_is_let_through_where_it_is_wanted_and_can_be() {
    Checkpoint half = half(TR.hard(4));
    Policy policy = Toy.policy();
    toy(policy, TR.hard(4)).learningRate(0).resume(half).resumeAnyway(true).build().train();
    Policy then = Toy.policy();
    then.loadState(half.path().resolve("policy"));
    assertThat(Toy.weights(policy)).containsExactly(Toy.weights(then));
    for (TrainerBuilder impossible :
        List.of(
            toy(Toy.policy(), TR.hard(5)),
            toy(Toy.policy(), TR.hard(4)).seed(7),
            toy(Toy.policy(), TR.hard(4)).batchSize(2),
            toy(Toy.policy(), TR.soft(0.5)),
            toy(Toy.policy(), TR.hard(4)).data(Toy.pairs(9)))) {
      refused(impossible.resume(half).resumeAnyway(true), "has what it needs for the former only");
    }
  }

  /** What the further steps need was not scored, and the reference's weights are gone. */
  @Test
  void a_window_cannot_be_made_longer() {
    Trainer shorter =
        toy(Toy.policy(), TR.fixed())
            .maxSteps(2) // of 3 that an epoch has
            .checkpoints(store())
            .checkpointEvery(2)
            .build();
    shorter.train();
    Checkpoint end = store().newest(complaint -> {}).orElseThrow();
    refused(toy(Toy.policy(), TR.fixed()).resume(end).resumeAnyway(true), "was not scored");
  }

  @Test
  void with_a_second_copy_a_run_can_be_made_longer() {
    Trainer shorter =
        toy(Toy.policy(), TR.soft(0.6)).maxSteps(7).checkpoints(store()).checkpointEvery(7).build();
    shorter.train();
    Checkpoint end = store().newest(complaint -> {}).orElseThrow();
    refused(toy(Toy.policy(), TR.soft(0.6)).resume(end), "steps was 7 and is 12");
    Policy policy = Toy.policy();
    toy(policy, TR.soft(0.6)).resume(end).resumeAnyway(true).build().train();
    assertThat(Toy.weights(policy))
        .containsExactly(trace(toy(Toy.policy(), TR.soft(0.6))).weights());
  }

  private static void refused(TrainerBuilder settings, String... because) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> settings.build().train())
        .withMessageContainingAll(because);
  }

  @Test
  void a_rule_written_as_a_lambda_has_the_same_words_in_every_process() {
    ReferencePolicy rule = metrics -> metrics.step() % 2;
    assertThat(RunSettings.words(rule)).isEqualTo(getClass().getName() + "$$Lambda");
    assertThat(RunSettings.words(rule.from(3))).endsWith("$$Lambda:from=3");
    assertThat(RunSettings.words(TR.dpo(0.1))).isEqualTo(TR.dpo(0.1).toString());
    assertThat(RunSettings.words(new Object())).isEqualTo("java.lang.Object");
  }

  @Test
  void a_disk_that_is_full_ends_the_run_and_leaves_the_earlier_checkpoints() {
    CheckpointStore store = store();
    AtomicInteger saves = new AtomicInteger();
    TabularPolicy toy = Toy.policy();
    Policy full =
        new LimitedPolicy(toy, 100) {
          @Override
          public void saveState(Path target) {
            toy.saveState(target);
            if (saves.incrementAndGet() == 2) {
              throw new UncheckedIOException(new IOException("No space left on device"));
            }
          }
        };
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(
            () -> toy(full, TR.soft(0.6)).checkpoints(store).checkpointEvery(3).build().train())
        .withMessageContainingAll("step-000006", "No space left on device", "earlier checkpoints");
    assertThat(store.folder()).isDirectoryNotContaining(path -> path.toString().contains("new"));
    assertThat(store.steps()).containsExactly(3L);
    Policy policy = new LimitedPolicy(Toy.policy(), 100);
    toy(policy, TR.soft(0.6)).resume(store.newest(complaint -> {}).orElseThrow()).build().train();
    assertThat(Toy.weights(policy))
        .containsExactly(trace(toy(Toy.policy(), TR.soft(0.6))).weights());
  }

  @Test
  void settings_of_checkpoints_are_checked() {
    assertThatIllegalStateException()
        .isThrownBy(() -> toy(Toy.policy(), TR.fixed()).checkpointEvery(1).build())
        .withMessageContaining("checkpoints(...)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trainer.builder().keepLast(0))
        .withMessageContaining("0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trainer.builder().checkpointEvery(-1))
        .withMessageContaining("-1");
    half(TR.fixed());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> toy(Toy.policy(), TR.fixed()).checkpoints(store()).build())
        .withMessageContaining("resume them");
  }

  @Test
  void metrics_are_cut_back_to_the_checkpoint() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsFile metrics = new MetricsFile(file)) {
      toy(Toy.policy(), TR.soft(0.6))
          .checkpoints(store())
          .checkpointEvery(5)
          .listener(metrics)
          .build()
          .train();
    }
    List<String> whole = lines(file);
    Files.writeString(file, Files.readString(file) + "{\"step\":13,\"lo"); // the line at the kill
    try (MetricsFile metrics = new MetricsFile(file)) {
      toy(Toy.policy(), TR.soft(0.6))
          .resume(store().newest(complaint -> {}).orElseThrow())
          .listener(metrics)
          .build()
          .train();
    }
    assertThat(lines(file)).hasSize(STEPS).isEqualTo(whole);
  }

  @Test
  void metrics_that_are_not_the_run_s_are_not_written_on() throws IOException {
    Checkpoint half = half(TR.fixed());
    Path file = folder.resolve("metrics.jsonl");
    for (String content : List.of("", "{\"step\":1}\n{\"step\":3}\n", "{\"step\":1}\nnot\n")) {
      Files.writeString(file, content);
      try (MetricsFile metrics = new MetricsFile(file)) {
        refused(toy(Toy.policy(), TR.fixed()).resume(half).listener(metrics), "metrics.jsonl");
      }
      assertThat(file).hasContent(content);
    }
    Files.delete(file);
    try (MetricsFile metrics = new MetricsFile(file)) {
      toy(Toy.policy(), TR.fixed()).resume(half).listener(metrics).build().train();
    }
    assertThat(lines(file)).hasSize(6);
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.replaceFirst("\"pairs_per_second\":[^,}]*", ""))
        .toList();
  }
}
