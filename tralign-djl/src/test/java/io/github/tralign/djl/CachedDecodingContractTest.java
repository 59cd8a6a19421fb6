package io.github.tralign.djl;

import io.github.tralign.policy.LanguageModel;
import io.github.tralign.testkit.DecodingSessionContract;
import org.junit.jupiter.api.Tag;

@Tag("numeric")
class CachedDecodingContractTest extends DecodingSessionContract {

  @Override
  protected LanguageModel newModel() {
    return Golden.policy("llama").load();
  }
}
