package io.github.tralign.judge.arena;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import io.github.tralign.data.row.Message;
import io.github.tralign.judge.AnswerPair;
import io.github.tralign.judge.JudgePrompt;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.JudgeRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arena-Hard's judge: each answer is compared with the baseline's in two games, the baseline's
 * first in game 0. Samples 0 and 1 of a row are the games, 2 and 3 are the second attempts of the
 * old form.
 */
public final class ArenaHard {

  private static final String AGAIN =
      "continue your judgment and finish by outputting a final verdict label";
  private static final String NOTHING = "";

  private final ArenaForm form;
  private final ImmutableList<AnswerPair> pairs;
  private final ImmutableList<JudgePrompt> prompts;
  private final ChatSettings settings;

  /**
   * A judge of answers.
   *
   * @param pairs the question with the baseline's answer and the model's
   * @param prompts one for each pair
   */
  public ArenaHard(
      ArenaForm form, List<AnswerPair> pairs, List<JudgePrompt> prompts, ChatSettings settings) {
    if (pairs.size() != prompts.size()) {
      throw new IllegalArgumentException(pairs.size() + " pairs, " + prompts.size() + " prompts");
    }
    this.form = form;
    this.pairs = ImmutableList.copyOf(pairs);
    this.prompts = ImmutableList.copyOf(prompts);
    this.settings = settings;
  }

  /** What the judge is asked in a game. */
  public ImmutableList<Message> messages(int row, int game) {
    AnswerPair pair = pairs.get(row);
    return (game == 0 ? pair : pair.swapped()).in(prompts.get(row));
  }

  /** The requests of both games of all rows. */
  public ImmutableList<JudgeRequest> requests() {
    ImmutableList.Builder<JudgeRequest> requests = ImmutableList.builder();
    for (int i = 0; i < pairs.size(); i++) {
      for (int game = 0; game < 2; game++) {
        requests.add(new JudgeRequest(i, game, settings.body(messages(i, game))));
      }
    }
    return requests.build();
  }

  /** The second attempts that the replies call for. */
  public ImmutableList<JudgeRequest> secondAttempts(
      ImmutableTable<Integer, Integer, ChatReply> replies) {
    ImmutableList.Builder<JudgeRequest> requests = ImmutableList.builder();
    for (int i = 0; i < pairs.size(); i++) {
      for (int game = 0; game < 2; game++) {
        ChatReply reply = replies.get(i, game);
        if (reply != null && reply.text().isPresent() && form.asksAgain(reply.text().get())) {
          List<Message> messages =
              ImmutableList.<Message>builder()
                  .addAll(messages(i, game))
                  .add(Message.of(Message.ASSISTANT, reply.text().get()))
                  .add(Message.of("user", AGAIN))
                  .build();
          requests.add(new JudgeRequest(i, game + 2, settings.body(messages)));
        }
      }
    }
    return requests.build();
  }

  /** The two games of a row. */
  public ImmutableList<Game> games(int row, ImmutableTable<Integer, Integer, ChatReply> replies) {
    return ImmutableList.of(game(row, 0, replies), game(row, 1, replies));
  }

  private Game game(int row, int game, ImmutableTable<Integer, Integer, ChatReply> replies) {
    String judgment = text(replies.get(row, game));
    ChatReply second = replies.get(row, game + 2);
    String all = second == null ? judgment : judgment + "\n" + text(second);
    return new Game(all, form.label(all).filter(Game::isLabel));
  }

  private static String text(@Nullable ChatReply reply) {
    return reply == null ? NOTHING : reply.text().orElse(NOTHING);
  }
}
