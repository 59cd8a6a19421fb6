package io.github.tralign.tabular;

import io.github.tralign.policy.Policy;
import io.github.tralign.testkit.PolicyContract;

class TabularPolicyContractTest extends PolicyContract {

  @Override
  protected Policy newPolicy() {
    return TabularPolicy.random(7, 5);
  }
}
