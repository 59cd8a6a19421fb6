package io.github.tralign.tabular;

import io.github.tralign.policy.LanguageModel;
import io.github.tralign.testkit.DecodingSessionContract;

class TabularSessionContractTest extends DecodingSessionContract {

  @Override
  protected LanguageModel newModel() {
    return TabularPolicy.random(7, 5);
  }
}
