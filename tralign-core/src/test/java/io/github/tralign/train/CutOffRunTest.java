package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.TR;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.reference.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A run that was cut off anywhere goes on as if nothing had happened. */
class CutOffRunTest {

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
    public void onMeasuring(long done, long total) {
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
      @ForAll boolean restless,
      @ForAll boolean stream,
      @ForAll @IntRange(min = 0, max = 9) int window)
      throws IOException {
    Path checkpoints = Files.createTempDirectory("resume-test");
    boolean evaluated = ShortRun.isEvaluated(loss, rule);
    Supplier<TrainerBuilder> settings =
        () ->
            (stream && !rule.countsEpochs()
                    ? ShortRun.streamed(loss, rule).shuffleWindow(window)
                    : ShortRun.settings(loss, rule).shuffle(shuffle))
                .microBatchTokens(microBatchTokens)
                .probeEvery(5)
                .earlyStop(evaluated ? earlyStop : 0)
                .learningRate(restless ? 2 : 0.05) // so that evaluations get worse too
                .onNan(OnNan.SKIP);
    ShortRun.Trace whole = ShortRun.trace(settings.get());

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
              .listener(ShortRun.collectInto(metrics))
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
}
