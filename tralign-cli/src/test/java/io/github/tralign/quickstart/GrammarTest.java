package io.github.tralign.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.row.TextRow;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GrammarTest {

  private final QuickstartSettings settings = QuickstartSettings.builder().build();

  @Test
  void each_request_is_made_once() {
    List<Grammar.Request> requests = Grammar.requests();
    assertThat(requests).extracting(Grammar.Request::prompt).doesNotHaveDuplicates();
    assertThat(requests)
        .hasSizeGreaterThan(settings.trainingPairs() + settings.heldOutPairs())
        .allSatisfy(
            request ->
                assertThat(request.prompt())
                    .startsWith("\n\nHuman: ")
                    .endsWith("\n\nAssistant:")
                    .doesNotContain("{"));
  }

  @Test
  void each_topic_has_twelve_facts_that_are_all_different() {
    assertThat(Grammar.TOPICS)
        .allSatisfy(
            topic -> {
              assertThat(topic.facts()).hasSize(12);
              assertThat(topic.facts()).extracting(Topic.Fact::thing).doesNotHaveDuplicates();
              assertThat(topic.facts()).extracting(Topic.Fact::truth).doesNotHaveDuplicates();
            });
  }

  @Test
  void a_good_answer_states_the_fact_and_a_bad_one_never_does() {
    Draw draw = new Draw(1);
    for (Grammar.Request request : Grammar.requests()) {
      String fact = request.fact().in(request.topic().answer());
      assertThat(Grammar.goodAnswer(request, draw)).startsWith(" ").contains(fact);
      assertThat(Grammar.badAnswer(request, draw)).startsWith(" ").doesNotContain(fact);
    }
  }

  @Test
  void no_prompt_is_held_out_and_trained_on() {
    Pairs pairs = Pairs.draw(settings);
    Set<String> trained = new HashSet<>();
    pairs.training().forEach(pair -> trained.add(pair.prompt()));
    assertThat(pairs.training()).hasSize(settings.trainingPairs());
    assertThat(pairs.heldOut()).hasSize(settings.heldOutPairs());
    assertThat(pairs.heldOut()).noneMatch(pair -> trained.contains(pair.prompt()));
  }

  @Test
  void about_a_tenth_of_the_training_pairs_is_mislabelled_and_no_held_out_one() {
    Pairs pairs = Pairs.draw(settings);
    assertThat(pairs.training().stream().filter(GrammarTest::mislabelled).count())
        .isBetween(20L, 60L);
    assertThat(pairs.heldOut()).noneMatch(GrammarTest::mislabelled);
  }

  @Test
  void the_same_seed_draws_the_same_pairs_and_another_one_others() {
    assertThat(Pairs.draw(settings)).isEqualTo(Pairs.draw(settings));
    assertThat(Pairs.draw(QuickstartSettings.builder().seed(7).build()))
        .isNotEqualTo(Pairs.draw(settings));
  }

  @Test
  void a_shuffle_keeps_every_thing() {
    List<Integer> things = Stream.iterate(0, n -> n + 1).limit(50).collect(Collectors.toList());
    List<Integer> before = List.copyOf(things);
    new Draw(3).shuffle(things);
    assertThat(things).containsExactlyInAnyOrderElementsOf(before).isNotEqualTo(before);
  }

  private static boolean mislabelled(TextRow pair) {
    return Grammar.requests().stream()
        .filter(request -> request.prompt().equals(pair.prompt()))
        .anyMatch(
            request ->
                pair.completions().get(1).contains(request.fact().in(request.topic().answer())));
  }
}
