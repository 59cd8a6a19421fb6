package io.github.tralign.recurrent;

import io.github.tralign.policy.Policy;
import io.github.tralign.testkit.SeveralParametersContract;
import java.util.Random;

class RecurrentPolicyContractTest extends SeveralParametersContract {

  @Override
  protected Policy newPolicy() {
    return RecurrentPolicy.random(7, 5, new Random(5));
  }

  @Override
  protected boolean isMatrix(String parameter) {
    return !parameter.equals("head.bias");
  }
}
