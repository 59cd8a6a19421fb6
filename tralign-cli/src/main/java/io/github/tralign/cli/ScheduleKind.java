package io.github.tralign.cli;

import io.github.tralign.train.Schedule;
import java.util.Locale;

/** The schedules of {@code --schedule}. */
enum ScheduleKind {
  CONSTANT(Schedule.constant()),
  LINEAR(Schedule.linear()),
  COSINE(Schedule.cosine()),
  INVERSE_SQRT(Schedule.inverseSqrt());

  @SuppressWarnings("ImmutableEnumChecker") // a function that holds nothing
  final Schedule schedule;

  ScheduleKind(Schedule schedule) {
    this.schedule = schedule;
  }

  /** Whether it ends at 0 unless --min-learning-rate is given. */
  boolean endsAtZero() {
    return this == LINEAR || this == COSINE;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
