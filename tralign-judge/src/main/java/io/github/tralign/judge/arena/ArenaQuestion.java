package io.github.tralign.judge.arena;

import static java.util.Objects.requireNonNull;

/** A question of Arena-Hard. */
public record ArenaQuestion(String id, String category, String prompt) {

  /** Nothing may be null. */
  public ArenaQuestion {
    requireNonNull(id, "id");
    requireNonNull(category, "category");
    requireNonNull(prompt, "prompt");
  }
}
