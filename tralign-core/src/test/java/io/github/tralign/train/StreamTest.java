package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.TR;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on examples that are read meanwhile. */
class StreamTest {

  @TempDir Path folder;

  @Property(tries = 200)
  void in_their_own_order_a_stream_is_the_run_on_data_in_memory_bit_for_bit(
      @ForAll("rules") ReferencePolicy rule,
      @ForAll("losses") AlignmentLoss loss,
      @ForAll @IntRange(min = 1, max = 60) int microBatchTokens,
      @ForAll @IntRange(min = 0, max = 5) int probeEvery) {
    ShortRun.Trace memory =
        ShortRun.trace(
            inOrder(ShortRun.settings(loss, rule), microBatchTokens).probeEvery(probeEvery));
    ShortRun.Trace streamed =
        ShortRun.trace(
            inOrder(ShortRun.streamed(loss, rule), microBatchTokens).probeEvery(probeEvery));

    assertThat(streamed.weights()).containsExactly(memory.weights());
    memory.metrics().values().forEach(values -> assertThat(values.remove("epoch")).isPositive());
    assertThat(streamed.metrics()).isEqualTo(memory.metrics());
  }

  private static TrainerBuilder inOrder(TrainerBuilder settings, int microBatchTokens) {
    return settings.shuffle(false).microBatchTokens(microBatchTokens);
  }

  @Provide
  Arbitrary<ReferencePolicy> rules() {
    return Arbitraries.of(
        TR.fixed(),
        TR.soft(0.6),
        TR.soft(1),
        TR.hard(1),
        TR.hard(5),
        TR.hard(100),
        TR.hard(2).growth(2),
        TR.hard(3).from(4),
        TR.mixed(0.5, 3),
        TR.distance(0.05));
  }

  @Provide
  Arbitrary<AlignmentLoss> losses() {
    return Arbitraries.of(TR.dpo(0.3), TR.kto(0.3), TR.aot(0.3), TR.tdpo2(0.3));
  }

  /** The window to shuffle in, the steps up to the next copy, and no more. */
  @Test
  void of_an_endless_stream_a_bounded_number_is_read() {
    for (int tau : new int[] {1, 4, 6}) {
      AtomicInteger read = new AtomicInteger();
      List<Integer> readAtStep = new ArrayList<>();
      Toy.trainer(Toy.policy(), 1)
          .data(endless(read))
          .reference(TR.hard(tau))
          .shuffleWindow(10)
          .probeEvery(0)
          .probe(Toy.pairs(1))
          .maxSteps(12)
          .listener(afterStep(step -> readAtStep.add(read.get())))
          .build()
          .train();
      for (int step = 1; step <= 12; step++) {
        int ahead = (step + tau - 1) / tau * tau; // the window's last step
        assertThat(readAtStep.get(step - 1)).isEqualTo(9 + 3 * ahead);
      }
    }
  }

  @Test
  void the_first_step_is_done_before_the_last_row_is_tokenized_and_the_thread_ends()
      throws Exception {
    CharacterTokenizer tokenizer = new CharacterTokenizer();
    List<Integer> textsAtStep = new ArrayList<>();
    streamed(tokenizer, 2_000, "")
        .maxSteps(100)
        .listener(afterStep(step -> textsAtStep.add(tokenizer.texts.get())))
        .build()
        .train();

    assertThat(textsAtStep.get(0)).isLessThan(2_000); // of 6,000
    tokenizer.assertLeftAlone();
  }

  @Test
  void a_faulty_row_ends_the_run_when_it_is_reached_and_the_thread() throws Exception {
    CharacterTokenizer tokenizer = new CharacterTokenizer();
    List<Long> steps = new ArrayList<>();
    Trainer trainer =
        streamed(tokenizer, 600, "{\"prompt\": 1}\n")
            .maxSteps(1_000)
            .listener(afterStep(step -> steps.add(step.step())))
            .build();

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(trainer::train)
        .withMessageContaining("rows.jsonl:601: ");
    assertThat(steps).hasSizeGreaterThan(100);
    tokenizer.assertLeftAlone();
  }

  @Test
  void a_listener_that_fails_ends_the_thread_too() throws Exception {
    CharacterTokenizer tokenizer = new CharacterTokenizer();
    Trainer trainer =
        streamed(tokenizer, 600, "")
            .maxSteps(100)
            .listener(
                afterStep(
                    step -> {
                      throw new UnsupportedOperationException("no more");
                    }))
            .build();

    assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(trainer::train);
    tokenizer.assertLeftAlone();
  }

  @Test
  void a_run_that_is_stopped_ends_the_thread_too() throws Exception {
    CharacterTokenizer tokenizer = new CharacterTokenizer();
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    trainer.set(
        streamed(tokenizer, 600, "")
            .maxSteps(100)
            .listener(afterStep(step -> trainer.get().stop()))
            .build());

    assertThat(trainer.get().train().last().step()).isEqualTo(1);
    tokenizer.assertLeftAlone();
  }

  @Test
  void an_unfit_example_is_reported_by_its_origin() {
    List<Example> rows = new ArrayList<>(Toy.pairs(100));
    rows.add(Example.demonstration(new int[] {1}, new int[] {2}));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                Toy.trainer(Toy.policy(), 1)
                    .data(PreferenceStream.of(rows))
                    .maxSteps(40)
                    .build()
                    .train())
        .withMessageContainingAll("in memory", "pair");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Toy.trainer(Toy.policy(), 1)
                    .data(PreferenceStream.of(rows.subList(100, 101)))
                    .maxSteps(40)
                    .build());
  }

  @Test
  void what_a_stream_does_not_know_is_not_reported() {
    AtomicInteger plans = new AtomicInteger();
    Trainer trainer =
        Toy.trainer(Toy.policy(), 1)
            .data(PreferenceStream.of(Toy.pairs(8)))
            .maxSteps(3)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStart(TrainingPlan plan) {
                    assertThat(plan.examples()).isEqualTo(Batches.UNKNOWN);
                    assertThat(plan.stepsPerEpoch()).isEqualTo(Batches.UNKNOWN);
                    assertThat(plan.secondCopy()).isTrue(); // of the fixed reference
                    plans.incrementAndGet();
                  }
                })
            .build();
    assertThat(trainer.warnings()).isEmpty();
    assertThat(trainer.train().last().has("epoch")).isFalse();
    assertThat(trainer.train().last().step()).isEqualTo(3); // from the first row again
    assertThat(plans).hasValue(2);
  }

  @Test
  void what_does_not_go_with_a_stream_is_refused() {
    TrainerBuilder endless = Toy.trainer(Toy.policy(), 1).data(PreferenceStream.of(Toy.pairs(8)));
    assertThatIllegalStateException()
        .isThrownBy(endless::build)
        .withMessageContainingAll("maxSteps(...)", "stream");
    refused(it -> it.epochs(1), "epochs(...)", "stream", "maxSteps(...)");
    for (ReferencePolicy rule :
        List.of(
            TR.hardEpochs(1),
            TR.hardEpochs(0.5).from(3),
            TR.hardEpochs(2).warmup(3),
            TR.hardEpochs(2).warmup(3).from(3))) {
      refused(it -> it.reference(rule), rule.toString(), "epochs", "stream", "hard(512)");
    }
    refused(
        it -> it.cache(CacheFolder.at(folder.resolve("cache"), complaint -> {})),
        "cache(...)",
        "stream");
    refused(it -> it.shuffle(false).shuffleWindow(5), "shuffleWindow(...)", "shuffle(false)");
    refused(it -> it.data(Toy.pairs(8)).shuffleWindow(5), "shuffleWindow(...)", "stream");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> endless.shuffleWindow(-1))
        .withMessage("the window to shuffle in must be >= 0, not -1");
  }

  private static void refused(Consumer<TrainerBuilder> setting, String... because) {
    TrainerBuilder builder =
        Toy.trainer(Toy.policy(), 1).data(PreferenceStream.of(Toy.pairs(8))).maxSteps(3);
    setting.accept(builder);
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContainingAll(because);
  }

  private static PreferenceStream endless(AtomicInteger read) {
    ImmutableList<Example> pairs = ImmutableList.copyOf(Toy.pairs(7));
    return PreferenceStream.of(
        () -> Stream.generate(() -> pairs.get(read.getAndIncrement() % 7)).iterator());
  }

  private TrainerBuilder streamed(Tokenizer tokenizer, int rows, String end) throws IOException {
    String row = "{\"prompt\": \"ab\", \"chosen\": \"c\", \"rejected\": \"d\"}\n";
    Path file = Files.writeString(folder.resolve("rows.jsonl"), row.repeat(rows) + end);
    return Toy.trainer(Toy.policy(), 1)
        .data(PreferenceData.read(tokenizer).stream(file))
        .reference(TR.soft(0.6))
        .shuffleWindow(20);
  }

  static TrainingListener afterStep(Consumer<StepMetrics> then) {
    return new TrainingListener() {
      @Override
      public void onStep(StepMetrics metrics) {
        then.accept(metrics);
      }
    };
  }

  /** {@code a} to {@code d} are 1 to 4, and 5 is the end; it remembers on which thread. */
  private static final class CharacterTokenizer implements Tokenizer {

    private final AtomicInteger texts = new AtomicInteger();
    private volatile @Nullable Thread thread;

    @Override
    public int[] encode(String text) {
      return text.replace("<end>", "e").chars().map(c -> c - 'a' + 1).toArray();
    }

    @Override
    public List<int[]> encodeWritten(List<String> written) {
      thread = Thread.currentThread();
      texts.addAndGet(written.size());
      return Tokenizer.super.encodeWritten(written);
    }

    void assertLeftAlone() throws InterruptedException {
      Thread user = thread;
      assertThat(user).isNotNull().isNotEqualTo(Thread.currentThread());
      if (user != null) {
        user.join(10_000);
        assertThat(user.isAlive()).isFalse();
      }
    }

    @Override
    public String endOfSequence() {
      return "<end>";
    }

    @Override
    public int vocabularySize() {
      return Toy.VOCABULARY;
    }
  }
}
