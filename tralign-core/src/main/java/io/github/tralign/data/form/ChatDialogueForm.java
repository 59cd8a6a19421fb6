package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Message;

/**
 * Two whole conversations as lists of messages with a common beginning, which is the prompt. Some
 * data sets, such as UltraFeedback binarized, repeat the user's message in a text {@code prompt};
 * it must equal that of the conversation.
 */
final class ChatDialogueForm extends ColumnMapping {

  ChatDialogueForm() {
    super("chat-dialogues", Column.list("chosen"), Column.list("rejected"));
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return row.hasList("prompt") || row.has("conversations") || row.has("context");
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    ImmutableList<Message> chosen = Messages.of(row, "chosen");
    ImmutableList<Message> rejected = Messages.of(row, "rejected");
    int cut = shared(chosen, rejected);
    ImmutableList<Message> prompt = chosen.subList(0, cut);
    ImmutableList<Message> better = chosen.subList(cut, chosen.size());
    ImmutableList<Message> other = rejected.subList(cut, rejected.size());
    if (!better.isEmpty() && !other.isEmpty() && differ(better.get(0), other.get(0))) {
      throw new InvalidRowException(
          DropReason.PROMPTS_DIFFER,
          "the prompts of 'chosen' and 'rejected' differ: both conversations must be the same up"
              + " to a message of the assistant, but message "
              + (cut + 1)
              + " is not");
    }
    Messages.requireCompletion(better, row, "chosen");
    Messages.requireCompletion(other, row, "rejected");
    requireSameWords(row, prompt);
    rows.row(Messages.row(row, prompt, ImmutableList.of(better, other), Judgements.ofPair(row)));
  }

  /** Number of messages with which both begin, without the last message of each. */
  private static int shared(ImmutableList<Message> chosen, ImmutableList<Message> rejected) {
    int atMost = Math.min(chosen.size(), rejected.size()) - 1;
    int shared = 0;
    while (shared < atMost && chosen.get(shared).equals(rejected.get(shared))) {
      shared++;
    }
    return shared;
  }

  private static boolean differ(Message better, Message other) {
    return !better.isAssistant() || !other.isAssistant();
  }

  private static void requireSameWords(FieldReader row, ImmutableList<Message> prompt)
      throws InvalidRowException {
    if (row.has("prompt")) {
      String words = row.text("prompt");
      if (prompt.stream().noneMatch(message -> message.content().equals(words))) {
        throw row.invalid(
            DropReason.PROMPTS_DIFFER,
            "prompt",
            "equals no message before the completions; expected the user's message"
                + " again, or a list of messages");
      }
    }
  }
}
