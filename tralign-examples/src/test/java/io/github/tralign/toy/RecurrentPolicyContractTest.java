package io.github.tralign.toy;

import io.github.tralign.policy.Policy;
import io.github.tralign.policy.PolicyContract;
import java.util.Random;

class RecurrentPolicyContractTest extends PolicyContract {

  @Override
  protected Policy newPolicy() {
    return RecurrentPolicy.random(7, 5, new Random(5));
  }
}
