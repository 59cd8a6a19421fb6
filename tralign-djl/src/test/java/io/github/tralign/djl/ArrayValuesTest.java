package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayValuesTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, Integer.MAX_VALUE})
  void the_size_of_the_parts_makes_no_difference(int part) {
    try (DjlModel model = Golden.policy("neox").loadModel()) {
      for (String name : model.parameters()) {
        NDArray array = model.tensors().arrays().get(name);
        if (array.size() <= 1024) { // larger ones have nothing else to show, and take long
          ArrayValues values =
              new ArrayValues(array, model.decoder().manager(), model.decoder().kernels());
          DoubleStream.Builder parts = DoubleStream.builder();
          assertThat(values.forEach(part, parts)).isEqualTo(array.size());
          assertThat(parts.build().toArray()).containsExactly(model.values(name));
        }
      }
    }
  }

  @Test
  void of_a_matrix_with_an_adapter_come_the_values_that_it_makes() {
    try (DjlPolicy policy = Golden.policy("llama").adapter(Golden.path("adapters/plain")).load();
        DjlModel merged =
            Golden.policy("llama").mergeAdapter(Golden.path("adapters/plain")).loadModel()) {
      assertThat(policy.weights()).isNotEmpty();
      for (String name : policy.weights()) {
        List<Double> values = new ArrayList<>();
        policy.forEachValue(name, values::add);
        assertThat(values).isEqualTo(Arrays.stream(merged.values(name)).boxed().toList());
      }
    }
  }
}
