package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.Dtype;
import io.github.tralign.djl.huggingface.SafetensorsWriter;
import io.github.tralign.djl.huggingface.TensorSource;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matrices of 16 bits in memory: results are those of the same values in fp32. */
@Tag("numeric")
class BasePrecisionTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "llama, BF16, FP32",
    "llama, BF16, BF16",
    "neox, F16, FP32",
    "families/phi3, BF16, FP32",
    "families/gpt2, BF16, FP32"
  })
  void an_adapter_is_trained_to_the_same_bits(String model, Dtype stored, Precision precision)
      throws IOException {
    Path base = in16Bits(model, stored);
    DjlPolicyBuilder exact = settings(base, precision).basePrecision(BasePrecision.FP32);
    DjlPolicyBuilder half = settings(base, precision).basePrecision(BasePrecision.AUTO);
    try (DjlPolicy one = exact.load();
        DjlPolicy other = half.load()) {
      GoldenRun.trainShortly(one);
      GoldenRun.trainShortly(other);
      assertThat(one.weights()).hasSameElementsAs(other.weights()).isNotEmpty();
      for (String parameter : one.parameters()) {
        assertThat(other.values(parameter)).as(parameter).isEqualTo(one.values(parameter));
      }
      for (String matrix : one.weights()) {
        assertThat(other.values(matrix)).as(matrix).isEqualTo(one.values(matrix));
      }
      assertThat(other.fingerprint()).isEqualTo(one.fingerprint());
      PreferenceBatch batch = batch();
      Set<TokenStatistic> all = EnumSet.allOf(TokenStatistic.class);
      TokenLogProbs expected = one.score(batch, all);
      TokenLogProbs scored = other.score(batch, all);
      assertThat(scored.values()).isEqualTo(expected.values());
      for (TokenStatistic statistic : all) {
        assertThat(scored.statistic(statistic)).isEqualTo(expected.statistic(statistic));
      }
    }
  }

  @Test
  void matrices_are_rounded_where_bf16_is_set() throws IOException {
    Path rounded = in16Bits("llama", Dtype.BF16);
    PreferenceBatch batch = batch();
    try (DjlModel set =
            Golden.policy("llama").threads(1).basePrecision(BasePrecision.BF16).loadModel();
        DjlModel stored = Golden.on(rounded).threads(1).loadModel();
        DjlModel exact = Golden.policy("llama").threads(1).loadModel()) {
      assertThat(set.score(batch).values())
          .isEqualTo(stored.score(batch).values())
          .isNotEqualTo(exact.score(batch).values());
      String matrix = "model.embed_tokens.weight";
      assertThat(set.values(matrix))
          .isEqualTo(stored.values(matrix))
          .isNotEqualTo(exact.values(matrix));
    }
  }

  @Test
  void bf16_is_rejected_for_weights_that_are_trained_or_merged() {
    DjlPolicyBuilder trained = Golden.policy("llama").basePrecision(BasePrecision.BF16);
    assertThatThrownBy(trained::load)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("basePrecision is bf16", "all weights are trained");
    DjlPolicyBuilder merged =
        Golden.policy("llama")
            .basePrecision(BasePrecision.BF16)
            .mergeAdapter(Golden.path("adapters/plain"));
    assertThatThrownBy(merged::loadModel)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("basePrecision is bf16", "an adapter is merged");
  }

  private static DjlPolicyBuilder settings(Path base, Precision precision) {
    return Golden.on(base)
        .threads(1)
        .precision(precision)
        .adapter(Adapter.lora(4).alpha(8).seed(1));
  }

  private static PreferenceBatch batch() {
    return PreferenceBatch.of(Golden.rows().subList(0, 4));
  }

  /** A golden checkpoint whose matrices are rounded to 16 bits. */
  private Path in16Bits(String model, Dtype type) throws IOException {
    Path rounded = Files.createDirectory(folder.resolve("rounded"));
    Map<String, TensorSource> tensors = new TreeMap<>();
    try (CheckpointFolder source = CheckpointFolder.open(Golden.path(model))) {
      source
          .tensors()
          .forEach(
              (name, info) -> {
                float[] values = new float[(int) info.elements()];
                source.readFloat32(name).asFloatBuffer().get(values);
                Dtype its = info.dimensions().length() == 2 ? type : Dtype.F32;
                tensors.put(name, TensorSource.of(info.shape(), values).as(its));
              });
    }
    SafetensorsWriter.write(rounded.resolve("model.safetensors"), tensors);
    Files.copy(Golden.path(model).resolve("config.json"), rounded.resolve("config.json"));
    return rounded;
  }
}
