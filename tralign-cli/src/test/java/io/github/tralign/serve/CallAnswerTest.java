package io.github.tralign.serve;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.generate.TextListener;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.GeneratedToken;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Sampling;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallAnswerTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_vanished_client_is_noticed_while_tokens_without_text_come(boolean stream) {
    GenerationRequest request = GenerationRequest.of(new int[] {1}, Sampling.greedy());
    CompletionCall call =
        new CompletionCall(
            false, ImmutableList.of(request), ImmutableList.of(), stream, false, false);
    CallEvents events = new CallEvents(ended -> {});
    TextListener listener = events.of(call, 0);
    GeneratedToken token = new GeneratedToken(5, -1, ImmutableList.of());
    listener.token(0, token, "");
    listener.token(0, token, "");
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(Served.MODEL)) {
      ResponseWriter writer = new ResponseWriter(call, "tiny", tokenizer);
      CallAnswer answer = new CallAnswer(new VanishedClient(), call, events, writer, 0);
      assertThatThrownBy(() -> answer.send(() -> false))
          .isInstanceOf(IOException.class)
          .hasMessage("Broken pipe");
    }
  }
}
