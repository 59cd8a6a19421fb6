package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConversationTest {

  private static final Sampling SAMPLING = Sampling.ofModel().maxNewTokens(5);

  private final LanguageModel model = TabularPolicy.random(9, 3);
  private final CountingSession session = new CountingSession(model.decode(64));
  private final Conversation conversation = new Conversation(session);

  /** Counts the tokens that are computed. */
  private static final class CountingSession implements DecodingSession {
    private final DecodingSession session;
    private final List<Integer> computed = new ArrayList<>(); // tokens by call

    CountingSession(DecodingSession session) {
      this.session = session;
    }

    @Override
    public int vocabularySize() {
      return session.vocabularySize();
    }

    @Override
    public int maxLength() {
      return session.maxLength();
    }

    @Override
    public long capacity() {
      return session.capacity();
    }

    @Override
    public long free() {
      return session.free();
    }

    @Override
    public Sequence open(int reserved) {
      return session.open(reserved);
    }

    @Override
    public Sequence fork(Sequence parent, int reserved) {
      return session.fork(parent, reserved);
    }

    @Override
    public List<NextToken> append(List<Extension> extensions) {
      computed.add(extensions.stream().mapToInt(it -> it.tokens().length()).sum());
      return session.append(extensions);
    }

    @Override
    public void release(Sequence sequence) {
      session.release(sequence);
    }

    @Override
    public void close() {
      session.close();
    }
  }

  @Test
  void completions_are_those_of_a_generator() {
    GenerationRequest request = GenerationRequest.of(new int[] {1, 2}, SAMPLING).seed(7).row(3);
    assertThat(complete(request)).isEqualTo(model.generate(List.of(request)).get(0).get(0));
  }

  @Test
  void a_prompt_that_continues_is_computed_from_there_on() {
    Completion first = complete(GenerationRequest.of(new int[] {1, 2}, SAMPLING));
    int[] next = joined(new int[] {1, 2}, first.tokens(), 4, 5);
    session.computed.clear();
    GenerationRequest request = GenerationRequest.of(next, SAMPLING);
    Completion second = complete(request);
    assertThat(session.computed).startsWith(3); // the last token before, and two new ones
    assertThat(second).isEqualTo(model.generate(List.of(request)).get(0).get(0));
  }

  @Test
  void another_prompt_is_computed_from_its_beginning() {
    complete(GenerationRequest.of(new int[] {1, 2}, SAMPLING));
    session.computed.clear();
    GenerationRequest request = GenerationRequest.of(new int[] {2, 1, 3}, SAMPLING);
    assertThat(complete(request)).isEqualTo(model.generate(List.of(request)).get(0).get(0));
    assertThat(session.computed).startsWith(3);
    session.computed.clear();
    complete(request); // all of it is cached, but the last distribution is not
    assertThat(session.computed).startsWith(3);
  }

  @Test
  void a_listener_can_stop_and_what_is_computed_is_kept() {
    List<Completion> ended = new ArrayList<>();
    GenerationRequest request = GenerationRequest.of(new int[] {1, 2}, SAMPLING);
    conversation.begin(
        request,
        new GenerationListener() {
          @Override
          public boolean token(int sample, GeneratedToken token) {
            return false;
          }

          @Override
          public void finished(int sample, Completion completion) {
            ended.add(completion);
          }
        });
    assertThat(conversation.step()).isFalse();
    assertThat(ended.get(0).finish()).isEqualTo(Completion.Finish.STOPPED);
    session.computed.clear();
    complete(GenerationRequest.of(joined(new int[] {1, 2}, ended.get(0).tokens()), SAMPLING));
    assertThat(session.computed).startsWith(1);
  }

  @Test
  void room_is_given_back_and_bounds_the_length() {
    assertThat(conversation.maxTokens()).isEqualTo(64);
    int[] long63 = IntStream.range(0, 63).map(i -> i % 9).toArray();
    assertThat(complete(GenerationRequest.of(long63, SAMPLING)).tokens().length()).isEqualTo(1);
    GenerationRequest full =
        GenerationRequest.of(joined(long63, ImmutableIntArray.of(1)), SAMPLING);
    assertThatThrownBy(() -> complete(full))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the conversation has 64 tokens; at most 63 leave room for an answer");
    conversation.close();
    assertThat(session.free()).isEqualTo(64);
  }

  private Completion complete(GenerationRequest request) {
    List<Completion> ended = new ArrayList<>();
    conversation.begin(request, (sample, completion) -> ended.add(completion));
    while (conversation.step()) {}
    assertThat(ended).hasSize(1);
    return ended.get(0);
  }

  private static int[] joined(int[] prompt, ImmutableIntArray completion, int... more) {
    return Ints.concat(prompt, completion.toArray(), more);
  }
}
