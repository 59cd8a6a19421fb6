package io.github.tralign.judge.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How long a request waits before it is sent again. */
final class RetryWait {

  private static final Duration LONGEST_OWN = Duration.ofMinutes(1);
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);
  private static final int SPREAD = 8;

  private RetryWait() {}

  /**
   * One second, twice as long each time up to a minute, or as long as the server asks for if that
   * is longer, up to an hour. Rows wait differently long, up to half as long again, so that
   * requests that failed together do not come back together.
   *
   * @param attempt number of the attempt that failed, from 0
   * @param row number of the row
   * @param retryAfter the header {@code Retry-After}: seconds or a date
   */
  static Duration of(int attempt, int row, Optional<String> retryAfter, Instant now) {
    Duration own = Duration.ofSeconds(1L << Math.min(attempt, 6));
    Duration longest = own.compareTo(LONGEST_OWN) > 0 ? LONGEST_OWN : own;
    Duration asked = retryAfter.map(it -> parse(it, now)).orElse(Duration.ZERO);
    Duration base = asked.compareTo(longest) > 0 ? asked : longest;
    return base.plus(longest.multipliedBy(row % SPREAD).dividedBy(2 * SPREAD));
  }

  private static Duration parse(String header, Instant now) {
    Duration asked;
    try {
      asked = Duration.ofMillis((long) (1000 * Double.parseDouble(header.strip())));
    } catch (NumberFormatException e) {
      asked = untilDate(header.strip(), now);
    }
    return asked.isNegative()
        ? Duration.ZERO
        : asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
  }

  private static Duration untilDate(String date, Instant now) {
    try {
      return Duration.between(
          now, ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Duration.ZERO; // neither a number nor a date: as if it were not there
    }
  }
}
