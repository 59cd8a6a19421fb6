package io.github.tralign.data.row;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.ChatTemplate;
import java.util.List;

/**
 * One row of preference data as conversations: a beginning, and the ways in which it goes on. A
 * {@link ChatTemplate} turns it into text.
 *
 * @param prompt the messages that the completions answer; may be empty
 * @param completions at least one, the best first; each has at least one message, the first of them
 *     the assistant's
 * @param settings what else the template reads for this row, such as {@code tools} or {@code
 *     enable_thinking}
 * @param judgement what else is known of the row
 * @param origin where the row comes from, such as {@code data.jsonl:7}; for messages only
 */
public record ChatRow(
    ImmutableList<Message> prompt,
    ImmutableList<ImmutableList<Message>> completions,
    ImmutableMap<String, Object> settings,
    Judgement judgement,
    String origin)
    implements Row {

  /**
   * Checks the completions.
   *
   * @throws IllegalArgumentException if there is none, or one does not begin with a message of the
   *     assistant
   */
  public ChatRow {
    requireNonNull(prompt, "prompt");
    requireNonNull(settings, "settings");
    requireNonNull(judgement, "judgement");
    requireNonNull(origin, "origin");
    if (completions.isEmpty()) {
      throw new IllegalArgumentException(origin + ": a row needs at least one completion");
    }
    for (ImmutableList<Message> completion : completions) {
      if (completion.isEmpty() || !completion.get(0).isAssistant()) {
        throw new IllegalArgumentException(
            origin + ": a completion needs to begin with a message of the assistant");
      }
    }
  }

  /** Of any lists, which are copied, with nothing else for the template to read. */
  public static ChatRow of(
      List<Message> prompt,
      List<? extends List<Message>> completions,
      Judgement judgement,
      String origin) {
    requireNonNull(prompt, "prompt");
    requireNonNull(completions, "completions");
    return new ChatRow(
        ImmutableList.copyOf(prompt),
        completions.stream().map(ImmutableList::copyOf).collect(toImmutableList()),
        ImmutableMap.of(),
        judgement,
        origin);
  }
}
