package io.github.tralign.judge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryWaitTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  @ParameterizedTest
  @CsvSource({"0,1", "1,2", "5,32", "6,60", "40,60"})
  void waits_double_up_to_a_minute(int attempt, long seconds) {
    assertThat(RetryWait.of(attempt, 0, Optional.empty(), NOW))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7|7000",
        "2.5|2500",
        "0|1000",
        "-3|1000",
        "soon|1000",
        "NaN|1000",
        "999999|3600000",
        "Sat, 28 Nov 2026 12:00:20 GMT|20000",
        "Sat, 28 Nov 2026 11:00:00 GMT|1000"
      })
  void a_server_may_ask_for_more(String retryAfter, long millis) {
    assertThat(RetryWait.of(0, 0, Optional.of(retryAfter), NOW))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void rows_do_not_come_back_together() {
    assertThat(RetryWait.of(2, 1, Optional.empty(), NOW))
        .isBetween(Duration.ofSeconds(4).plusMillis(1), Duration.ofSeconds(6));
    assertThat(RetryWait.of(2, 1, Optional.empty(), NOW))
        .isNotEqualTo(RetryWait.of(2, 2, Optional.empty(), NOW));
  }
}
