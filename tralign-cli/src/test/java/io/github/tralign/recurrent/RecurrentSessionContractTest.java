package io.github.tralign.recurrent;

import io.github.tralign.policy.LanguageModel;
import io.github.tralign.testkit.DecodingSessionContract;
import java.util.SplittableRandom;

class RecurrentSessionContractTest extends DecodingSessionContract {

  @Override
  protected LanguageModel newModel() {
    return RecurrentPolicy.random(6, 5, new SplittableRandom(3));
  }
}
