package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.generate.Completion.Finish;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {

  private static final Sampling TEN = Sampling.ofModel().maxNewTokens(10);

  private final FakeSession session = new FakeSession(1000);
  private final Generator generator = new Generator(session);
  private final List<String> events = new ArrayList<>();

  @Test
  void a_prompt_is_computed_once_and_each_sample_has_one_row_a_pass() {
    generator.add(request(5, TEN).samples(3), named("a"));
    finish();
    assertThat(session.passes.get(0)).containsExactly(5);
    assertThat(session.passes.subList(1, session.passes.size()))
        .hasSize(9)
        .containsOnly(List.of(1, 1, 1));
    assertThat(events).hasSize(3).allMatch(event -> event.endsWith("10 LENGTH"));
  }

  @Test
  void requests_share_passes_and_join_running_ones() {
    generator.add(request(5, TEN), named("a"));
    generator.add(request(4, TEN), named("b"));
    generator.step();
    generator.step();
    generator.add(request(3, TEN), named("c"));
    generator.step();
    assertThat(session.passes).containsExactly(List.of(5, 4), List.of(1, 1), List.of(3, 1, 1));
    finish();
  }

  @Test
  void a_pass_has_no_more_prompt_tokens_than_its_bound_and_a_longer_prompt_its_own() {
    Generator bounded = new Generator(session, 8);
    for (int length : new int[] {5, 3, 1, 20, 2}) {
      bounded.add(request(length, TEN), named("a"));
    }
    while (bounded.step()) {}
    assertThat(session.passes.subList(0, 5))
        .containsExactly(
            List.of(5, 3),
            List.of(1, 1, 1),
            List.of(20),
            List.of(2, 1, 1, 1, 1),
            List.of(1, 1, 1, 1, 1));
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> new Generator(session, 0))
        .matches(e -> e.setting().equals("maxPassTokens"));
  }

  @Test
  void samples_run_in_turns_where_room_is_scarce_and_earlier_requests_come_first() {
    FakeSession small = new FakeSession(5 + 2 * 10);
    Generator tight = new Generator(small);
    tight.add(request(5, TEN).samples(5), named("a"));
    tight.add(request(2, TEN), named("b"));
    while (tight.step()) {}
    assertThat(events).hasSize(6);
    assertThat(events.subList(0, 5)).allMatch(event -> event.startsWith("a"));
    assertThat(small.passes).filteredOn(pass -> pass.contains(5)).hasSize(1);
    assertThat(small.passes).allMatch(pass -> pass.size() <= 2);
    assertThat(small.free()).isEqualTo(small.capacity());
  }

  @Test
  void a_late_small_request_does_not_overtake_a_large_one() {
    FakeSession small = new FakeSession(30);
    Generator tight = new Generator(small);
    tight.add(request(10, TEN), named("first"));
    tight.add(request(20, TEN), named("large"));
    tight.add(request(1, Sampling.greedy().maxNewTokens(1)), named("small"));
    while (tight.step()) {}
    assertThat(events)
        .extracting(it -> it.split(" ")[0])
        .containsExactly("first", "large", "small");
  }

  @Test
  void what_can_never_fit_is_rejected_with_its_numbers() {
    Generator tight = new Generator(new FakeSession(30, 25));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tight.add(request(25, TEN), named("a")))
        .withMessage(
            "the prompt has 25 tokens, but a sequence has at most 25, prompt and completion together");
    Generator tighter = new Generator(new FakeSession(14, 25));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tighter.add(request(5, TEN), named("a")))
        .withMessage(
            "a prompt of 5 tokens and a completion of up to 10 do not fit in a cache of 14 tokens");
    tight.add(request(24, TEN).samples(100), named("a"));
    assertThat(tight.step()).isFalse();
    assertThat(events).hasSize(100).allMatch(event -> event.endsWith("1 LENGTH"));
  }

  @Test
  void a_completion_ends_at_the_maximum_length_of_the_session() {
    Generator tight = new Generator(new FakeSession(100, 12));
    tight.add(request(5, TEN), named("a"));
    while (tight.step()) {}
    assertThat(events).containsExactly("a 0 7 LENGTH");
  }

  @Test
  void an_end_token_ends_a_completion_and_is_part_of_it() {
    Sampling ending = TEN.maxNewTokens(200).endTokens(Set.of(3, 4));
    List<Completion> completions = new ArrayList<>();
    generator.add(request(5, ending).samples(20), (sample, it) -> completions.add(it));
    finish();
    assertThat(completions)
        .hasSize(20)
        .extracting(Completion::finish)
        .containsOnly(Finish.END_TOKEN);
    for (Completion completion : completions) {
      int last = completion.tokens().length() - 1;
      assertThat(completion.tokens().get(last)).isIn(3, 4);
      assertThat(completion.tokens().subArray(0, last).asList()).doesNotContain(3, 4);
    }
  }

  @Test
  void no_end_token_comes_before_the_minimum() {
    Sampling ending = TEN.maxNewTokens(200).minNewTokens(7).endTokens(Set.of(0, 1, 2, 3, 4, 5, 6));
    List<Integer> lengths = new ArrayList<>();
    generator.add(
        request(5, ending).samples(50), (sample, it) -> lengths.add(it.tokens().length()));
    finish();
    assertThat(lengths).hasSize(50).allMatch(length -> length > 7).contains(8);
  }

  @Test
  void no_ngram_of_prompt_and_completion_occurs_twice() {
    Sampling once = Sampling.greedy().maxNewTokens(60).noRepeatNgramSize(2);
    int[] prompt = {1, 2, 3};
    generator.add(
        GenerationRequest.of(prompt, once),
        (sample, it) -> {
          List<Integer> all = new ArrayList<>(List.of(1, 2, 3));
          all.addAll(it.tokens().asList());
          List<List<Integer>> pairs =
              IntStream.range(1, all.size()).mapToObj(i -> all.subList(i - 1, i + 1)).toList();
          assertThat(pairs).hasSize(62).doesNotHaveDuplicates();
          events.add("checked");
        });
    finish();
    assertThat(events).containsExactly("checked");
  }

  @Test
  void a_listener_stops_its_sample_only() {
    generator.add(
        request(5, TEN).samples(2),
        new Named("a") {
          @Override
          public boolean token(int sample, GeneratedToken token) {
            count++;
            return sample == 0 || count < 5;
          }

          private int count;
        });
    finish();
    assertThat(events).containsExactly("a 1 3 STOPPED", "a 0 10 LENGTH");
  }

  @Test
  void a_listener_that_throws_ends_its_request_and_no_other() {
    generator.add(request(5, TEN).samples(3), failing("a", 4, false));
    generator.add(request(5, TEN).samples(2), named("b"));
    generator.add(request(4, TEN).samples(2), failing("c", 4, true));
    generator.step();
    assertThatIllegalStateException().isThrownBy(this::finish).withMessage("c");
    assertThat(events).containsExactly("a failed: a");
    finish();
    assertThat(events).containsExactly("a failed: a", "b 0 10 LENGTH", "b 1 10 LENGTH");
  }

  @Test
  void a_pass_that_fails_ends_the_requests_in_it_and_no_other() {
    FakeSession small = new FakeSession(39);
    Generator tight = new Generator(small);
    tight.add(request(5, TEN).samples(2), failing("a", 1000, false));
    tight.add(request(5, TEN), named("b"));
    tight.step();
    tight.step();
    small.failure = new IllegalStateException("out of memory");
    tight.step();
    assertThat(events).containsExactly("a failed: out of memory");
    while (tight.step()) {}
    assertThat(events).containsExactly("a failed: out of memory", "b 0 10 LENGTH");
    assertThat(small.free()).isEqualTo(small.capacity());
  }

  @Test
  void damaged_logits_are_reported_with_their_token() {
    session.damaged = true;
    for (Sampling sampling : List.of(TEN, Sampling.greedy())) {
      generator.add(request(5, sampling).samples(2), named("a"));
      assertThatIllegalStateException()
          .isThrownBy(generator::step)
          .withMessageContaining("token 0 is NaN");
      assertThat(generator.step()).isFalse();
      assertThat(session.free()).isEqualTo(session.capacity());
    }
  }

  @Test
  void a_token_must_be_left_to_choose() {
    Sampling none = Sampling.greedy().noRepeatNgramSize(1).maxNewTokens(20);
    generator.add(request(5, none), named("a"));
    assertThatThrownBy(this::finish)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("noRepeatNgramSize");
    assertThat(session.free()).isEqualTo(session.capacity());
  }

  @Test
  void closing_releases_what_runs_and_drops_what_waits() {
    FakeSession small = new FakeSession(40);
    Generator tight = new Generator(small);
    tight.add(request(5, TEN).samples(7), named("a"));
    tight.add(request(5, TEN), named("b"));
    tight.step();
    tight.step();
    assertThat(small.free()).isLessThan(small.capacity());
    tight.close();
    assertThat(small.free()).isEqualTo(small.capacity());
    assertThat(tight.step()).isFalse();
    assertThat(events).isEmpty();
  }

  @Test
  void a_session_full_of_sequences_of_others_is_reported() {
    session.open(990);
    generator.add(request(5, TEN), named("a"));
    assertThatIllegalStateException()
        .isThrownBy(generator::step)
        .withMessageContaining("10 of 1000 tokens");
  }

  @Test
  void a_listener_may_add_requests() {
    generator.add(request(5, TEN), (sample, it) -> generator.add(request(3, TEN), named("next")));
    finish();
    assertThat(events).containsExactly("next 0 10 LENGTH");
  }

  @Test
  void without_requests_there_is_nothing_to_do() {
    assertThat(generator.step()).isFalse();
    assertThat(session.passes).isEmpty();
  }

  private void finish() {
    while (generator.step()) {}
    assertThat(session.free()).isEqualTo(session.capacity());
  }

  private static GenerationRequest request(int length, Sampling sampling) {
    int[] prompt = IntStream.range(0, length).map(i -> i % FakeSession.VOCABULARY).toArray();
    return GenerationRequest.of(prompt, sampling);
  }

  private GenerationListener named(String name) {
    return new Named(name);
  }

  /** Throws at its n-th token; what it then receives is an event, or thrown on. */
  private GenerationListener failing(String name, int atToken, boolean rethrows) {
    return new Named(name) {
      private int tokens;

      @Override
      public boolean token(int sample, GeneratedToken token) {
        if (++tokens >= atToken) {
          throw new IllegalStateException(name);
        }
        return true;
      }

      @Override
      public void failed(RuntimeException reason) {
        if (rethrows) {
          throw reason;
        }
        events.add(name + " failed: " + reason.getMessage());
      }
    };
  }

  private class Named implements GenerationListener {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    public void finished(int sample, Completion completion) {
      events.add(
          name + " " + sample + " " + completion.tokens().length() + " " + completion.finish());
    }
  }
}
