package io.github.tralign.judge.arena;

import com.google.common.collect.ImmutableList;
import io.github.tralign.judge.statistics.Bootstrap;
import io.github.tralign.judge.statistics.Interval;
import java.util.Collections;
import java.util.List;

/**
 * Arena-Hard's score of a model: its mean result against the baseline, where a game counts 1, ½ or
 * 0, and a strong verdict three times. This is also the win rate of the old form's Bradley–Terry
 * model, since every model plays the baseline only.
 *
 * @param score in [0, 1]; NaN without any verdict
 * @param interval of the bootstrap over results, 100 rounds: 90 % in the new form, 95 % in the old
 * @param results how many results count
 * @param judgments all judgments
 * @param unread games whose verdict could not be read
 */
public record ArenaScore(double score, Interval interval, int results, int judgments, int unread) {

  private static final int ROUNDS = 100;

  /** A result of the model: a game, as often as it counts. */
  record Result(Judgment judgment, double value) {}

  /** The score by judgments of one model. */
  public static ArenaScore of(ArenaForm form, List<Judgment> judgments) {
    List<Double> values = results(form, judgments).stream().map(Result::value).toList();
    int unread =
        (int)
            judgments.stream()
                .flatMap(it -> it.games().stream())
                .filter(it -> !it.isRead())
                .count();
    boolean none = values.isEmpty();
    return new ArenaScore(
        values.stream().mapToDouble(it -> it).average().orElse(Double.NaN),
        none ? new Interval(Double.NaN, Double.NaN) : bootstrap(form).mean(values),
        values.size(),
        judgments.size(),
        unread);
  }

  static Bootstrap bootstrap(ArenaForm form) {
    double tail = form == ArenaForm.ARENA_HARD ? 0.025 : 0.05;
    return new Bootstrap(ROUNDS, tail, 1 - tail, 42);
  }

  /**
   * The results that count. The new form leaves out a question with any game that could not be
   * read, the old one only that game.
   */
  static ImmutableList<Result> results(ArenaForm form, List<Judgment> judgments) {
    ImmutableList.Builder<Result> results = ImmutableList.builder();
    for (Judgment judgment : judgments) {
      boolean complete = judgment.games().stream().allMatch(Game::isRead);
      for (int game = 0; game < 2; game++) {
        if (complete || form == ArenaForm.ARENA_HARD && judgment.games().get(game).isRead()) {
          double advantage = judgment.advantage(game);
          int times = Math.max(1, (int) Math.abs(advantage));
          Result result = new Result(judgment, (Math.signum(advantage) + 1) / 2);
          results.addAll(Collections.nCopies(times, result));
        }
      }
    }
    return results.build();
  }
}
