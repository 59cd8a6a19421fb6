package io.github.tralign.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CourtesyPairTest {

  private final List<CourtesyPair> all = CourtesyPair.all();

  @Test
  void there_are_three_hundred_and_no_text_is_there_twice() {
    assertThat(all).hasSizeGreaterThanOrEqualTo(300);
    for (Function<CourtesyPair, String> part :
        List.<Function<CourtesyPair, String>>of(
            CourtesyPair::question, CourtesyPair::courteous, CourtesyPair::curt)) {
      assertThat(all.stream().map(part).map(CourtesyPairTest::plain)).doesNotHaveDuplicates();
    }
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\d]+", " ").strip();
  }

  @Test
  void both_answers_carry_the_same_fact() {
    assertThat(all)
        .allSatisfy(
            pair -> {
              assertThat(pair.courteous()).containsIgnoringCase(pair.fact());
              assertThat(pair.curt()).containsIgnoringCase(pair.fact());
            });
  }

  @Test
  void answers_are_of_similar_lengths_so_that_length_is_not_what_is_learned() {
    assertThat(all)
        .allSatisfy(
            pair ->
                assertThat((double) pair.curt().length() / pair.courteous().length())
                    .as("%s", pair)
                    .isBetween(0.7, 1.45));
    double courteous = all.stream().mapToInt(it -> it.courteous().length()).average().orElseThrow();
    double curt = all.stream().mapToInt(it -> it.curt().length()).average().orElseThrow();
    assertThat(curt / courteous).isBetween(0.9, 1.1);
  }

  @Test
  void the_rule_tells_all_of_them_apart() {
    assertThat(all)
        .allSatisfy(
            pair -> {
              assertThat(CourtesyPair.isCourteous(pair.courteous())).as("%s", pair).isTrue();
              assertThat(CourtesyPair.isCourteous(pair.curt())).as("%s", pair).isFalse();
            });
    assertThat(CourtesyPair.isCourteous("A wishbone is lucky.")).isFalse();
    assertThat(CourtesyPair.isCourteous("HAPPY to help")).isTrue();
  }

  @Test
  void what_is_held_out_is_not_trained_on() {
    List<CourtesyPair> heldOut = CourtesyPair.part(all, true);
    List<CourtesyPair> training = CourtesyPair.part(all, false);
    assertThat(heldOut).hasSize(24).doesNotContainAnyElementsOf(training);
    assertThat(heldOut.size() + training.size()).isEqualTo(all.size());
  }
}
