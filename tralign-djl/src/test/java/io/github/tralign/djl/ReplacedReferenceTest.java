package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenStatistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** References that are loaded, replaced and removed, and what they leave behind. */
class ReplacedReferenceTest {

  private static final String POLICY = "llama";

  private final PreferenceBatch batch = batchOf(1, 2);

  @TempDir private Path folder;

  @Test
  void one_that_is_replaced_says_so() throws IOException {
    Path state = Files.createDirectory(folder.resolve("state"));
    try (DjlPolicy policy = Golden.policy(POLICY).load()) {
      policy.saveState(state);
      policy.copyToReference();
      LanguageModel copied = policy.reference();
      policy.copyToReference(); // into the same arrays
      assertThat(copied.score(batch).values()).containsExactly(policy.score(batch).values());
      policy.loadReference(Golden.path(POLICY));
      LanguageModel loaded = policy.reference();
      policy.loadState(state); // without a reference
      for (LanguageModel gone : new LanguageModel[] {copied, loaded}) {
        assertThatIllegalStateException()
            .isThrownBy(() -> gone.score(batch))
            .withMessageContaining("replaced or removed");
        assertThatIllegalStateException()
            .isThrownBy(() -> gone.values(gone.parameters().get(0)))
            .withMessageContaining("replaced or removed");
      }
    }
  }

  @Test
  void replacing_and_failing_to_load_leave_nothing_in_memory() throws IOException {
    Path bad = write("bad", 512);
    byte[] tensors = Files.readAllBytes(bad.resolve("model.safetensors"));
    tensors[tensors.length - 1] = 0x7f; // NaN
    tensors[tensors.length - 2] = (byte) 0xc0;
    Files.write(bad.resolve("model.safetensors"), tensors);
    try (DjlPolicy policy = Golden.policy(POLICY).load()) {
      policy.copyToReference();
      int live = policy.liveArrays();
      policy.loadReference(Golden.path(POLICY));
      policy.copyToReference();
      assertThat(policy.liveArrays()).isEqualTo(live);
      assertThatThrownBy(() -> policy.loadReference(bad))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("weights must be finite");
      assertThat(policy.liveArrays()).isEqualTo(live);
      assertThat(policy.referenceDistance()).isZero(); // the one before is kept
    }
  }

  @Test
  void its_maximum_length_is_its_own() {
    try (DjlPolicy policy = Golden.policy(POLICY).load()) {
      policy.loadReference(write("shorter", 7));
      assertThat(policy.reference().maxLength()).isEqualTo(7);
      assertThat(policy.maxLength()).isGreaterThan(7);
    }
  }

  @Test
  void ids_outside_a_vocabulary_are_rejected_in_prompts_and_completions() {
    try (DjlPolicy policy = Golden.policy(POLICY).load();
        DjlModel model = Golden.policy(POLICY).loadModel()) {
      int size = policy.vocabularySize();
      for (PreferenceBatch beyond : new PreferenceBatch[] {batchOf(size, 2), batchOf(1, size)}) {
        for (LanguageModel each : new LanguageModel[] {policy, model}) {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> each.score(beyond))
              .withMessageContaining("the token id " + size);
        }
        assertThatIllegalArgumentException()
            .isThrownBy(
                () -> policy.accumulate(beyond, it -> new TokenGradient(it.values(), it.values())))
            .withMessageContaining("the token id " + size);
      }
      ObjectNode config = Golden.json("neox/config.json").deepCopy();
      config.put("vocab_size", 100);
      RandomCheckpoint.write(folder.resolve("smaller"), config, Golden.path("neox"), 1);
      policy.loadReference(folder.resolve("smaller"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> policy.score(batchOf(1, 100), Set.of(TokenStatistic.DIVERGENCE)))
          .withMessageContaining("only ids below 100");
    }
  }

  /** Else one thread could close the policy while another computes with its weights. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void updating_and_measuring_it_wait_for_calls_of_other_threads(boolean update) throws Exception {
    try (DjlPolicy policy = Golden.policy(POLICY).load()) {
      policy.copyToReference();
      Thread other =
          new Thread(update ? () -> policy.mixReference(0.5) : policy::referenceDistance);
      policy.accumulate(
          batch,
          scores -> {
            other.start();
            while (other.getState() != Thread.State.WAITING && other.isAlive()) {
              Thread.onSpinWait();
            }
            assertThat(other.getState()).isEqualTo(Thread.State.WAITING);
            return new TokenGradient(new double[scores.values().length], new double[0]);
          });
      other.join();
    }
  }

  private Path write(String name, int maxLength) {
    Path model = folder.resolve(name);
    ObjectNode config = Golden.json(POLICY + "/config.json").deepCopy();
    config.put("max_position_embeddings", maxLength);
    RandomCheckpoint.write(model, config, Golden.path(POLICY), 1);
    return model;
  }

  private static PreferenceBatch batchOf(int prompt, int completion) {
    ImmutableList<ImmutableIntArray> completions =
        ImmutableList.of(ImmutableIntArray.of(completion), ImmutableIntArray.of(3, 4));
    return PreferenceBatch.of(
        new Example(ImmutableIntArray.of(prompt), completions, "made for a test"));
  }
}
