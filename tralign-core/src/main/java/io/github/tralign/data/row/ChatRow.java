package io.github.tralign.data.row;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.ChatTemplate;
import java.util.List;

/**
 * One row of preference data as conversations: a prompt and its completions. A {@link ChatTemplate}
 * renders it as text.
 *
 * @param prompt the messages that the completions answer; may be empty
 * @param completions at least one, the best first; each has at least one message, and begins with a
 *     message of the assistant
 * @param settings variables of the template for this row, such as {@code tools} or {@code
 *     enable_thinking}
 * @param judgement weight, label, margin and win probability
 * @param origin where the row comes from, such as {@code data.jsonl:7}; used in messages only
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
   * @throws IllegalArgumentException if there is no completion, or one does not begin with a
   *     message of the assistant
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
            origin + ": a completion must begin with a message of the assistant");
      }
    }
  }

  /** A row without template variables. The lists are copied. */
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
