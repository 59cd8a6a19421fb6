package io.github.tralign.judge.arena;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;

/**
 * The verdicts on a model's answer to a question, beside the baseline's answer.
 *
 * @param games the baseline's answer first, then the model's
 */
public record Judgment(String id, String category, String model, ImmutableList<Game> games) {

  /** Checks the number of games. */
  public Judgment {
    requireNonNull(id, "id");
    requireNonNull(category, "category");
    requireNonNull(model, "model");
    if (games.size() != 2) {
      throw new IllegalArgumentException("a judgment has 2 games, not " + games.size());
    }
  }

  /** Whether the model wins, ties or loses a game: +, 0 or −, 3 for a strong verdict. */
  double advantage(int game) {
    return game == 0 ? -games.get(0).advantage() : games.get(1).advantage();
  }
}
