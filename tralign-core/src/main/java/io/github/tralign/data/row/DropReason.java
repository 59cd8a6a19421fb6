package io.github.tralign.data.row;

/**
 * Why a row was not used.
 *
 * <p>The first group are faults of a row: an error, unless the caller asked to skip invalid rows.
 * The second group are sound rows of which tokenization leaves nothing to learn; these are always
 * left out and counted.
 */
public enum DropReason {
  /** The line is not valid UTF-8, or its text holds half a surrogate pair. */
  ENCODING("not valid UTF-8"),
  /** What the file holds there is no record: not one JSON object, a name twice, a cell too many. */
  JSON("not a record"),
  /** The columns are not those of the form that the file's rows have. */
  FORM("the columns do not fit the form"),
  /** A field is missing, of another type than is read, or outside its range. */
  FIELD("a field is missing or is not what is read"),
  /** A whole dialogue without a turn of the assistant, so that there is no completion. */
  NO_ASSISTANT_TURN("a dialogue has no turn of the assistant"),
  /** Two whole dialogues of which the completions do not answer the same beginning. */
  PROMPTS_DIFFER("the prompts of 'chosen' and 'rejected' differ"),
  /** A completion of zero characters. */
  EMPTY_COMPLETION("a completion is empty"),
  /** The chat template does not take the conversation. */
  TEMPLATE("the chat template does not take the conversation"),
  /** A completion holds turns of others than the assistant. */
  FOREIGN_TURN("a completion has turns of others than the assistant"),
  /** The chat template writes the prompt otherwise once an answer follows. */
  PROMPT_REWRITTEN("the chat template rewrites the prompt before an answer"),
  /** The tokenizer cannot encode a text of the row, which may be too long for it. */
  TEXT("a text cannot be tokenized"),

  /** Of several scored completions no two that could be compared differ in their scores. */
  TIE("the scores of the completions are equal"),
  /** The prompt alone takes the maximal length, so that no completion token would be left. */
  PROMPT_FILLS_LENGTH("the prompt alone fills the maximal length"),
  /** The prompt or a completion is longer than it may be, and nothing is to be cut. */
  TOO_LONG("the prompt or a completion is longer than its limit"),
  /** No token stands before the completions, so that their first token has no prediction. */
  NO_PROMPT_TOKEN("no token of the prompt is left before the completions"),
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

  /** The reason in words, as in {@code the prompts of 'chosen' and 'rejected' differ}. */
  @Override
  public String toString() {
    return text;
  }
}
