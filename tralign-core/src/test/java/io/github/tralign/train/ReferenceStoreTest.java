package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.TR;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.policy.Policy;
import io.github.tralign.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceStoreTest {

  @TempDir private Path folder;
  private final List<String> notices = new ArrayList<>();
  private boolean scored;

  @Test
  void a_second_run_scores_nothing_ahead_and_learns_the_same() {
    TrainingResult without = run(Toy.policy(), it -> it);
    TrainingResult first = run(Toy.policy(), this::cached);
    assertThat(scored).isTrue();
    TrainingResult second = run(Toy.policy(), this::cached);

    assertThat(scored).isFalse();
    assertThat(Toy.metrics(second)).isEqualTo(Toy.metrics(first)).isEqualTo(Toy.metrics(without));
    assertThat(notices).isEmpty();
  }

  @Test
  void another_loss_and_learning_rate_may_share_it() {
    run(Toy.policy(), this::cached);
    run(Toy.policy(), it -> cached(it).loss(TR.dpo(0.1)).learningRate(0.01));
    assertThat(scored).isFalse();
  }

  @Test
  void other_weights_batches_and_packing_are_scored_anew() {
    run(Toy.policy(), this::cached);
    run(TabularPolicy.random(Toy.VOCABULARY, 2), this::cached);
    assertThat(scored).isTrue();
    run(Toy.policy(), it -> cached(it).seed(1));
    assertThat(scored).isTrue();
    run(Toy.policy(), it -> cached(it).batchSize(2));
    assertThat(scored).isTrue();
    run(Toy.policy(), it -> cached(it).microBatchTokens(7));
    assertThat(scored).isTrue();
    run(Toy.policy(), it -> cached(it).data(Toy.pairs(9)));
    assertThat(scored).isTrue();
  }

  @Test
  void a_reference_that_moves_is_never_kept() throws IOException {
    run(Toy.policy(), it -> cached(it).reference(TR.hard(2)));
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void a_damaged_file_is_reported_and_scored_anew() throws IOException {
    TrainingResult first = run(Toy.policy(), this::cached);
    Path file;
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      file = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 9] ^= 1;
    Files.write(file, bytes);

    TrainingResult second = run(Toy.policy(), this::cached);
    assertThat(scored).isTrue();
    assertThat(notices).hasSize(1);
    assertThat(Toy.metrics(second)).isEqualTo(Toy.metrics(first));
  }

  private TrainerBuilder cached(TrainerBuilder builder) {
    return builder.cache(CacheFolder.at(folder.resolve("cache"), notices::add));
  }

  private TrainingResult run(Policy policy, UnaryOperator<TrainerBuilder> settings) {
    scored = false;
    TrainerBuilder builder = Toy.trainer(policy, 8).epochs(2).microBatchTokens(30).probeEvery(0);
    return settings
        .apply(builder)
        .listener(
            new TrainingListener() {
              @Override
              public void onReferenceScoring(long done, long total) {
                scored = true;
              }
            })
        .build()
        .train();
  }
}
