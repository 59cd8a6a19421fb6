package io.github.tralign.data.row;

/**
 * Why a row was dropped.
 *
 * <p>The first group are invalid rows: an error, unless the caller asked to skip invalid rows. The
 * second group are valid rows from which there is nothing to learn; these are always dropped and
 * counted.
 */
public enum DropReason {
  /** The line is not valid UTF-8, or its text contains an unpaired surrogate. */
  ENCODING("the line is not valid UTF-8"),
  /** Not a valid record: not a JSON object, a duplicate name, a wrong number of cells. */
  JSON("the line is not a record"),
  /** The columns do not fit the form of the file. */
  FORM("the columns do not fit the form"),
  /** A field is missing, has a wrong type, or is outside its range. */
  FIELD("a field is missing or invalid"),
  /** A whole dialogue without a turn of the assistant, which would be the completion. */
  NO_ASSISTANT_TURN("a dialogue has no turn of the assistant"),
  /** Two whole dialogues whose completions do not answer the same prompt. */
  PROMPTS_DIFFER("the prompts of 'chosen' and 'rejected' differ"),
  /** A completion without characters. */
  EMPTY_COMPLETION("a completion is empty"),
  /** The chat template rejects the conversation. */
  TEMPLATE("the chat template rejects the conversation"),
  /** A completion contains turns of others than the assistant. */
  FOREIGN_TURN("a completion contains turns of others than the assistant"),
  /** The chat template renders the prompt differently when an answer follows. */
  PROMPT_REWRITTEN("the chat template rewrites the prompt before an answer"),
  /** The tokenizer cannot encode a text of the row, which may be too long for it. */
  TEXT("a text cannot be tokenized"),

  /** All scored completions that could form a pair have equal scores. */
  TIE("the scores of the completions are equal"),
  /** The prompt alone fills the maximum length, so that no completion token would fit. */
  PROMPT_FILLS_LENGTH("the prompt alone fills the maximum length"),
  /** The prompt or a completion is too long, and truncation is off. */
  TOO_LONG("the prompt or a completion is longer than its limit"),
  /** No token precedes the completions, so their first token cannot be predicted. */
  NO_PROMPT_TOKEN("the prompt has no tokens"),
  /** A completion adds no token to the prompt. */
  NO_COMPLETION_TOKEN("a completion adds no token to the prompt");

  private final String text;

  DropReason(String text) {
    this.text = text;
  }

  /** Whether the row itself is invalid: an error, unless the caller asked to skip such rows. */
  public boolean isFault() {
    return compareTo(TIE) < 0;
  }

  /** The reason for messages, such as {@code the prompts of 'chosen' and 'rejected' differ}. */
  @Override
  public String toString() {
    return text;
  }
}
