package io.github.tralign.djl;

import io.github.tralign.djl.kernel.TestDevice;
import io.github.tralign.policy.LockstepPolicy;
import io.github.tralign.policy.Policy;
import io.github.tralign.testkit.SeveralParametersContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * The contract of a policy, for each way in which a model family is computed. One checkpoint of
 * each kind of block is in every build; those that differ in the head, biases or sizes only are in
 * the nightly one, since the comparisons with transformers have them in every build too.
 */
class DjlPolicyContractTest {

  abstract static class Checkpoint extends SeveralParametersContract {

    private final String name;

    Checkpoint(String name) {
      this.name = name;
    }

    @Override
    protected Policy newPolicy() {
      return Golden.policy(name).headRows(5).threads(1).load();
    }

    @Override
    protected double tolerance() {
      return TestDevice.isCpu() ? 1e-5 : 3e-5; // a GPU's sums hang on what they are batched with
    }

    @Override
    protected boolean isMatrix(String parameter) {
      return !parameter.endsWith("bias") && !parameter.contains("norm");
    }
  }

  @Nested
  class GptNeox extends Checkpoint {
    GptNeox() {
      super("neox");
    }
  }

  @Nested
  class GptNeoxSequential extends Checkpoint {
    GptNeoxSequential() {
      super("variants/neox-sequential-residual");
    }
  }

  @Nested
  @Tag("nightly")
  class GptNeoxTied extends Checkpoint {
    GptNeoxTied() {
      super("variants/neox-tied-no-bias");
    }
  }

  @Nested
  class Llama extends Checkpoint {
    Llama() {
      super("llama");
    }
  }

  @Nested
  @Tag("nightly")
  class LlamaUntiedWithBias extends Checkpoint {
    LlamaUntiedWithBias() {
      super("variants/llama-untied-bias");
    }
  }

  @Nested
  @Tag("numeric")
  class Llama3Rope extends Checkpoint {
    Llama3Rope() {
      super("variants/llama3-rope");
    }
  }

  @Nested
  @Tag("nightly")
  class Qwen2 extends Checkpoint {
    Qwen2() {
      super("variants/qwen2");
    }
  }

  @Nested
  class Qwen3 extends Checkpoint {
    Qwen3() {
      super("variants/qwen3");
    }
  }

  @Nested
  class LlamaWithAdapterAndWholeModules extends Checkpoint {
    LlamaWithAdapterAndWholeModules() {
      super("variants/llama-untied-bias");
    }

    @Override
    protected Policy newPolicy() {
      return Golden.policy("variants/llama-untied-bias")
          .headRows(5)
          .threads(1)
          .adapter(Golden.path("adapters/whole-parts"))
          .load();
    }
  }

  @Nested
  class LlamaWithAdapter extends Checkpoint {
    LlamaWithAdapter() {
      super("llama");
    }

    @Override
    protected Policy newPolicy() {
      return Golden.policy("llama")
          .headRows(5)
          .threads(1)
          .adapter(Golden.path("adapters/plain"))
          .load();
    }
  }

  @Nested
  @Tag("nightly")
  class LlamaOfTwoProcesses extends Checkpoint {
    LlamaOfTwoProcesses() {
      super("llama");
    }

    @Override
    protected Policy newPolicy() {
      return new LockstepPolicy(
          2,
          group ->
              Golden.policy("llama")
                  .headRows(5)
                  .threads(1)
                  .processGroup(new SummedArrays(group))
                  .load());
    }
  }
}
