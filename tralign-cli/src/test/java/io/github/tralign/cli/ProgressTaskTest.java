package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTaskTest {

  private static final long SECOND = 1_000_000_000L;
  private static final String DETAIL = "loss 0.693  margin 0.250  684 tok/s";

  private final ProgressTask training = new ProgressTask("training", 0, 40, 0);

  @Test
  void the_bar_takes_what_the_rest_leaves() {
    assertThat(training.line(10, 10, DETAIL, 7 * SECOND, 80))
        .isEqualTo(
            "training  25% [==         ] 10/40 loss 0.693  margin 0.250  684 tok/s  0:21 left")
        .hasSize(80);
    assertThat(training.line(10, 10, DETAIL, 7 * SECOND, 160))
        .startsWith("training  25% [==========" + " ".repeat(30) + "] 10/40 loss 0.693  margin")
        .endsWith("0:21 left");
  }

  @Test
  void a_terminal_too_narrow_for_a_bar_has_what_it_has_room_for_in_whole_parts() {
    assertThat(training.line(10, 10, DETAIL, 7 * SECOND, 66))
        .isEqualTo("training  25% 10/40 loss 0.693  margin 0.250  684 tok/s  0:21 left");
    assertThat(training.line(10, 10, DETAIL, 7 * SECOND, 62))
        .isEqualTo("training  25% 10/40 loss 0.693  margin 0.250  0:21 left");
    assertThat(training.line(10, 10, DETAIL, 7 * SECOND, 45))
        .isEqualTo("training  25% 10/40 loss 0.693  0:21 left");
    assertThat(training.line(10, 10, DETAIL, 7 * SECOND, 20)).isEqualTo("training  25% 10/40 ");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 39, 60, 79, 99, 159, 300})
  void no_line_is_wider_than_the_terminal(int width) {
    for (int done = 0; done <= 40; done++) {
      assertThat(training.line(done, done, DETAIL, SECOND * done, width))
          .hasSizeLessThanOrEqualTo(width);
    }
  }

  @Test
  void units_under_way_count_for_the_bar_and_the_time_left() {
    assertThat(new ProgressTask("generating", 0, 4, 0).line(1, 2.5, "70 tok/s", 5 * SECOND, 60))
        .isEqualTo("generating  62% [===========       ] 1/4 70 tok/s  0:03 left");
  }

  @Test
  void more_than_all_is_all() {
    assertThat(training.line(50, 50, "steps", 7 * SECOND, 60))
        .isEqualTo("training 100% [================================] 50/40 steps");
  }

  @Test
  void a_task_whose_end_is_not_known_counts() {
    ProgressTask reading = new ProgressTask("reading", 0, 0, 0);
    assertThat(reading.line(0, 0, "", SECOND, 80)).isEqualTo("reading");
    assertThat(reading.line(200, 200, "rows", SECOND, 80)).isEqualTo("reading: 200 rows");
    assertThat(reading.line(200, 200, "rows", SECOND, 12)).isEqualTo("reading: 200");
  }

  @Test
  void the_lines_of_a_log_come_every_three_seconds_and_later_less_often() {
    assertThat(training.isDue(0, 3 * SECOND)).isTrue();
    assertThat(training.isDue(0, 3 * SECOND - 1)).isFalse();
    assertThat(training.isDue(3600 * SECOND, 3630 * SECOND)).isFalse();
    assertThat(training.isDue(3600 * SECOND, 3637 * SECOND)).isTrue();
    long lines = 0;
    long last = 0;
    for (long second = 0; second < 3 * 24 * 3600; second++) {
      if (training.isDue(last, second * SECOND)) {
        last = second * SECOND;
        lines++;
      }
    }
    assertThat(lines).isBetween(400L, 1000L);
  }

  @ParameterizedTest
  @CsvSource({
    "0,  0, 40,    7, ''",
    "0, 40, 40,    7, ''",
    "0, 10, 40,    7, 0:21 left",
    "0, 10, 40,  100, 5:00 left",
    "0, 10, 40, 3700, 3:05:00 left",
    "30, 35, 40,   9, 0:09 left"
  })
  void the_time_left_is_that_of_the_speed_since_the_task_began(
      long before, long done, long total, long seconds, String left) {
    assertThat(new ProgressTask("x", before, total, 0).left(done, seconds * SECOND))
        .isEqualTo(left);
  }
}
