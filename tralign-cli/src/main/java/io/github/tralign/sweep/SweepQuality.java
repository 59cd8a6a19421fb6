package io.github.tralign.sweep;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A measure of quality by which rules are compared. */
enum SweepQuality {
  REWARD("judge's reward − start's", SweepRow::reward),
  WIN("win rate against the start", SweepRow::win),
  WORDS("words of the list in an answer", row -> row.words().orElse(Double.NaN));

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // accessors
  private final ToDoubleFunction<SweepRow> value;

  SweepQuality(String title, ToDoubleFunction<SweepRow> value) {
    this.title = title;
    this.value = value;
  }

  String title() {
    return title;
  }

  double of(SweepRow row) {
    return value.applyAsDouble(row);
  }

  /** Whether all rows have it. */
  boolean isIn(List<SweepRow> rows) {
    return rows.stream().allMatch(row -> Double.isFinite(of(row)));
  }

  /** Its name in files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
