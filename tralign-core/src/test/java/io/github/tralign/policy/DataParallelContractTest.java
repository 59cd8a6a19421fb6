package io.github.tralign.policy;

import io.github.tralign.tabular.TabularPolicy;
import io.github.tralign.testkit.PolicyContract;
import org.junit.jupiter.api.Nested;

/** A policy that several processes train has to do what any policy does. */
class DataParallelContractTest {

  private static Policy shared(int processes) {
    return new LockstepPolicy(processes, group -> TabularPolicy.random(7, 5, group));
  }

  @Nested
  class OfTwo extends PolicyContract {
    @Override
    protected Policy newPolicy() {
      return shared(2);
    }
  }

  @Nested
  class OfThree extends PolicyContract {
    @Override
    protected Policy newPolicy() {
      return shared(3);
    }
  }
}
