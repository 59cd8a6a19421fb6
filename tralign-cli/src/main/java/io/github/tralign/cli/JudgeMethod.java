package io.github.tralign.cli;

import io.github.tralign.judge.arena.ArenaForm;
import java.util.Locale;

/** A way of {@code judge}, with its benchmark's settings. */
enum JudgeMethod {
  SIDE_BY_SIDE(0, 1024),
  SCORES(0, 256),
  ALPACA_EVAL(1, 1),
  ARENA_HARD(0, 4096),
  ARENA_HARD_V2(0, 16_000);

  private final double temperature;
  private final int maxTokens;

  JudgeMethod(double temperature, int maxTokens) {
    this.temperature = temperature;
    this.maxTokens = maxTokens;
  }

  double temperature() {
    return temperature;
  }

  int maxTokens() {
    return maxTokens;
  }

  boolean isArena() {
    return this == ARENA_HARD || this == ARENA_HARD_V2;
  }

  /** The form of Arena-Hard's files. */
  ArenaForm form() {
    return this == ARENA_HARD ? ArenaForm.ARENA_HARD : ArenaForm.ARENA_HARD_V2;
  }

  /** The word of the option. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
