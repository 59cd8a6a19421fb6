package io.github.tralign.data.form;

import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;

/**
 * Two whole dialogues as texts that are the same up to and including the last {@code
 * "\n\nAssistant:"}, as in Anthropic's HH data; what follows it is the completion.
 */
final class TextDialogueForm extends ColumnMapping {

  private static final String ASSISTANT = "\n\nAssistant:";

  TextDialogueForm() {
    super("dialogues", Column.text("chosen"), Column.text("rejected"));
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return row.has("prompt") || Question.COLUMN.isIn(row) && !isDialogue(row, "chosen", "rejected");
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    String chosen = row.text("chosen");
    String rejected = row.text("rejected");
    int cut = endOfPrompt(chosen, row, "chosen");
    int rejectedCut = endOfPrompt(rejected, row, "rejected");
    String prompt = chosen.substring(0, cut);
    if (cut != rejectedCut || !rejected.startsWith(prompt)) {
      throw new InvalidRowException(
          DropReason.PROMPTS_DIFFER,
          "the prompts of 'chosen' and 'rejected' differ; both dialogues must be the same up to"
              + " the last \"\\n\\nAssistant:\"");
    }
    rows.row(Texts.pair(row, prompt, turn(chosen, cut, "chosen"), turn(rejected, cut, "rejected")));
  }

  /** Whether two texts are whole dialogues. */
  static boolean isDialogue(FieldReader row, String chosen, String rejected) {
    return row.contains(chosen, ASSISTANT) && row.contains(rejected, ASSISTANT);
  }

  private static int endOfPrompt(String dialogue, FieldReader row, String field)
      throws InvalidRowException {
    int marker = dialogue.lastIndexOf(ASSISTANT);
    if (marker < 0) {
      throw row.invalid(
          DropReason.NO_ASSISTANT_TURN,
          field,
          "contains no \"\\n\\nAssistant:\"; without a field 'prompt' it must be a whole dialogue."
              + " If the prompt has another name, give it with --columns prompt=NAME");
    }
    return marker + ASSISTANT.length();
  }

  private static String turn(String dialogue, int from, String field) throws InvalidRowException {
    if (from == dialogue.length()) {
      throw new InvalidRowException(
          DropReason.EMPTY_COMPLETION,
          "in field '"
              + field
              + "' nothing follows the last \"\\n\\nAssistant:\"; a completion needs at least one"
              + " character");
    }
    return dialogue.substring(from);
  }
}
