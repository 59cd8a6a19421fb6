package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.model.DecoderSpec;
import io.github.tralign.djl.model.DecoderSpec.Activation;
import io.github.tralign.djl.model.DecoderSpec.Norm;
import io.github.tralign.djl.model.FrequencyScaling;
import io.github.tralign.djl.model.Rotary;
import org.junit.jupiter.api.Test;

class PackedBatchTest {

  private static final Rotary PLAIN = new Rotary(4, 10, FrequencyScaling.NONE);

  @Test
  void a_prompt_comes_once_and_each_completion_without_its_last_token() {
    PackedBatch packed =
        PackedBatch.of(
            PreferenceBatch.of(
                Example.pair(new int[] {1, 2}, new int[] {3, 4, 5}, new int[] {6}),
                Example.demonstration(new int[] {7}, new int[] {8, 9})),
            model(PLAIN));
    assertThat(packed.ids()).containsExactly(1, 2, 3, 4, 7, 8);
    assertThat(packed.positions()).containsExactly(0, 1, 2, 3, 0, 1);
    assertThat(packed.attended()).isDeepEqualTo(new long[][] {{0, 4, 0, 4}, {4, 2, 4, 2}});
    assertThat(packed.targets()).containsExactly(3, 4, 5, 6, 8, 9);
    assertThat(packed.predicting()).containsExactly(1, 2, 3, 1, 4, 5);
    assertThat(packed.longest()).isEqualTo(4);
    assertThat(packed.angles()).isSameAs(packed.positions());
  }

  @Test
  void a_prompt_that_several_examples_have_comes_once() {
    PackedBatch packed =
        PackedBatch.of(
            PreferenceBatch.of(
                Example.demonstration(new int[] {1, 2}, new int[] {3, 4}),
                Example.demonstration(new int[] {5}, new int[] {6, 7}),
                Example.pair(new int[] {1, 2}, new int[] {8, 9, 10}, new int[] {11})),
            model(PLAIN));
    assertThat(packed.ids()).containsExactly(1, 2, 3, 8, 9, 5, 6);
    assertThat(packed.attended())
        .isDeepEqualTo(new long[][] {{0, 3, 0, 3}, {3, 2, 3, 2}, {3, 2, 0, 2}, {5, 2, 5, 2}});
    assertThat(packed.targets()).containsExactly(3, 4, 6, 7, 8, 9, 10, 11);
    assertThat(packed.predicting()).containsExactly(1, 2, 5, 6, 1, 3, 4, 1);
  }

  @Test
  void completions_on_both_sides_of_a_border_have_a_prompt_each() {
    Rotary rotary = new Rotary(4, 10, FrequencyScaling.NONE, 1, 4, FrequencyScaling.linear(2));
    PackedBatch packed =
        PackedBatch.of(
            PreferenceBatch.of(
                Example.pair(new int[] {1, 2}, new int[] {3, 4}, new int[] {5, 6, 7}),
                Example.demonstration(new int[] {1, 2}, new int[] {8, 9})),
            model(rotary));
    assertThat(packed.ids()).containsExactly(1, 2, 3, 8, 1, 2, 5, 6);
    assertThat(packed.positions()).containsExactly(0, 1, 2, 2, 0, 1, 2, 3);
    assertThat(packed.angles()).containsExactly(0, 2, 4, 4, 1, 3, 5, 7);
    assertThat(packed.attended())
        .isDeepEqualTo(new long[][] {{0, 3, 0, 3}, {3, 1, 3, 1}, {3, 1, 0, 2}, {4, 4, 4, 4}});
    assertThat(packed.targets()).containsExactly(3, 4, 5, 6, 7, 8, 9);
    assertThat(packed.predicting()).containsExactly(1, 2, 5, 6, 7, 1, 3);
  }

  @Test
  void a_sequence_for_which_no_rotation_is_defined_is_rejected() {
    Rotary rotary = new Rotary(4, 10, FrequencyScaling.NONE, 1, 4, null);
    int[] prompt = {1, 2};
    PackedBatch.of(
        PreferenceBatch.of(Example.demonstration(prompt, new int[] {8, 9})), model(rotary));
    PreferenceBatch batch =
        PreferenceBatch.of(Example.pair(prompt, new int[] {8, 9}, new int[] {5, 6, 7}));
    assertThatThrownBy(() -> PackedBatch.of(batch, model(rotary)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            "has more than the 4 tokens for which the model's rotary embedding is defined");
  }

  private static DecoderSpec model(Rotary rotary) {
    return DecoderSpec.builder()
        .heads(1)
        .keyValueHeads(1)
        .headSize(4)
        .norm(Norm.RMS)
        .epsilon(1e-6)
        .activation(Activation.SILU)
        .addRotaries(rotary)
        .rotaryOfLayer(ImmutableIntArray.of(0))
        .build();
  }
}
