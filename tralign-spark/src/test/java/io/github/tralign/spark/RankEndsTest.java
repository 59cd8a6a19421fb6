package io.github.tralign.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RankEndsTest {

  private final RankEnds ends = new RankEnds(3);

  @Test
  void an_invalid_input_is_final_in_the_first_attempt() {
    ends.accept(end(0, 1));
    assertThat(ends.isFinal()).isFalse();
    ends.accept(end(0, 2));
    assertThat(ends.isFinal()).isTrue();
  }

  @Test
  void later_it_may_be_a_lock_that_the_last_attempt_still_holds() {
    ends.accept(end(0, 1));
    ends.accept(end(1, 2));
    assertThat(ends.isFinal()).isFalse();
    assertThat(ends.exitCode()).isEqualTo(2);
    ends.accept(end(2, 2));
    assertThat(ends.isFinal()).isTrue(); // it was the last one
  }

  private static RankReport end(int attempt, int exitCode) {
    return new RankReport(RankReport.Kind.END, 0, attempt, Integer.toString(exitCode));
  }
}
