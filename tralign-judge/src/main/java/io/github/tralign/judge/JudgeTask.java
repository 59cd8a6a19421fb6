package io.github.tralign.judge;

import com.google.common.collect.ImmutableTable;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.JudgeRequest;
import java.util.List;

/** What a judge is asked by a method, and what follows from the replies. */
public interface JudgeTask {

  /** The questions. */
  List<JudgeRequest> requests();

  /** The questions that follow from the replies to {@link #requests}. */
  default List<JudgeRequest> more(ImmutableTable<Integer, Integer, ChatReply> replies) {
    return List.of();
  }

  /** The outcome when all questions have replies. */
  JudgeOutcome outcome(ImmutableTable<Integer, Integer, ChatReply> replies);
}
