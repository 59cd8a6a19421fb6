package io.github.tralign.data;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.ChatRow;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.TextRow;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of a row to tokenize: its prompt, and its prompt with each completion. The latter begin
 * with the prompt and end with the token that ends a completion.
 *
 * @param written whether the texts already contain all special tokens, so that the tokenizer must
 *     add none
 */
record RowTexts(Row row, String prompt, ImmutableList<String> wholes, boolean written) {

  /**
   * The parts to tokenize: first the common part up to {@code cut}, then the remainders.
   *
   * @param cut an offset in the prompt; 0 for whole texts
   */
  List<String> parts(int cut) {
    List<String> parts = new ArrayList<>(wholes.size() + 2);
    if (cut > 0) {
      parts.add(prompt.substring(0, cut));
    }
    parts.add(prompt.substring(cut));
    wholes.forEach(whole -> parts.add(whole.substring(cut)));
    return parts;
  }

  /** Renders the texts of rows. */
  static final class Writer {

    private final EosAppender endings;
    private final ChatTemplate template;

    Writer(EosAppender endings, ChatTemplate template) {
      this.endings = endings;
      this.template = template;
    }

    RowTexts of(Row row) throws InvalidRowException {
      return row instanceof TextRow text ? ofText(text) : ofChat((ChatRow) row);
    }

    private RowTexts ofText(TextRow row) {
      ImmutableList.Builder<String> wholes = ImmutableList.builder();
      for (String completion : row.completions()) {
        wholes.add(row.prompt() + endings.ofText(completion));
      }
      return new RowTexts(row, row.prompt(), wholes.build(), false);
    }

    private RowTexts ofChat(ChatRow row) throws InvalidRowException {
      try {
        return rendered(row);
      } catch (InvalidTemplateException e) {
        throw new InvalidRowException(DropReason.TEMPLATE, String.valueOf(e.getMessage()));
      }
    }

    private RowTexts rendered(ChatRow row) throws InvalidRowException {
      ImmutableList.Builder<String> all = ImmutableList.builder();
      for (ImmutableList<Message> completion : row.completions()) {
        if (!completion.stream().allMatch(Message::isAssistant)) {
          throw new InvalidRowException(
              DropReason.FOREIGN_TURN,
              "a completion has a turn of '"
                  + completion.stream()
                      .filter(message -> !message.isAssistant())
                      .findFirst()
                      .map(Message::role)
                      .orElse("")
                  + "', which a policy does not learn to write; expected turns of the assistant"
                  + " only");
        }
        all.add(template.render(dialogue(row, completion), false, row.settings()));
      }
      ImmutableList<String> wholes = all.build();
      String prompt = boundary(row, wholes);
      return new RowTexts(
          row,
          prompt,
          wholes.stream()
              .map(it -> endings.ofChat(it, prompt.length()))
              .collect(ImmutableList.toImmutableList()),
          true);
    }

    /**
     * The text before the answers: the prompt with the generation prompt, if all whole texts begin
     * with that. Otherwise, for templates whose generation prompt differs from the text before an
     * existing answer, the text that precedes every answer.
     */
    private String boundary(ChatRow row, List<String> wholes) throws InvalidRowException {
      String asked = template.render(row.prompt(), true, row.settings());
      if (wholes.stream().allMatch(whole -> begins(whole, asked))) {
        return asked;
      }
      String before = template.render(row.prompt(), false, row.settings());
      String header = Strings.commonPrefix(answered(row, "a"), answered(row, "b"));
      if (header.startsWith(before) && wholes.stream().allMatch(whole -> begins(whole, header))) {
        return header;
      }
      throw new InvalidRowException(
          DropReason.PROMPT_REWRITTEN,
          "the chat template renders the prompt differently when an answer follows, so that"
              + " prompt and completion cannot be separated");
    }

    private static boolean begins(String whole, String prompt) {
      return whole.startsWith(prompt) && whole.length() > prompt.length();
    }

    private String answered(ChatRow row, String answer) {
      Message message = Message.of(Message.ASSISTANT, answer);
      return template.render(dialogue(row, ImmutableList.of(message)), false, row.settings());
    }

    private static List<Message> dialogue(ChatRow row, ImmutableList<Message> completion) {
      return ImmutableList.<Message>builder().addAll(row.prompt()).addAll(completion).build();
    }
  }
}
