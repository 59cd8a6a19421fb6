package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.optimizer.ParameterGroups;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frozen parameters take no memory for moments, on the device and on disk. */
class FrozenParametersTest {

  private static final ParameterGroups GROUPS =
      ParameterGroups.of(ParameterGroup.frozen("!*.layers.1.*"));

  @Test
  void only_what_is_trained_has_moments(@TempDir Path folder) {
    try (DjlPolicy free = Golden.policy("neox").load();
        DjlPolicy policy = Golden.policy("neox").load()) {
      List<String> trained =
          policy.parameters().stream().filter(name -> name.contains(".layers.1.")).toList();
      int frozen = policy.parameters().size() - trained.size();
      free.step(new OptimizerStep(1, 1, AdamW.ofDefaults()));
      policy.step(new OptimizerStep(1, 1, AdamW.ofDefaults(), GROUPS));
      assertThat(frozen).isPositive();
      assertThat(policy.liveArrays()).isEqualTo(free.liveArrays() - 3 * frozen);
      policy.saveState(folder);
      try (SafetensorsFile optimizer =
          SafetensorsFile.open(folder.resolve("optimizer.safetensors"))) {
        assertThat(optimizer.tensors()).hasSize(3 * trained.size());
        for (String name : trained) {
          assertThat(optimizer.tensors())
              .containsKeys("exp_avg/" + name, "exp_avg_sq/" + name, "step/" + name);
        }
      }
    }
  }
}
