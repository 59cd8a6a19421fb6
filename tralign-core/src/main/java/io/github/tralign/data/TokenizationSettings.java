package io.github.tralign.data;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Properties of tokenizer and template that affect the result, for the record of a run.
 *
 * @param beginsTexts whether the tokenizer puts a token before every text; nothing is added to
 *     conversations, since templates write all special tokens
 * @param endsTexts whether the tokenizer appends the end-of-sequence token to every text; if not,
 *     its text is appended to completions that do not end with it
 * @param endOfSequence the text of the token that ends a sequence
 * @param chatTemplate the chat template's fingerprint, if it has one
 */
public record TokenizationSettings(
    boolean beginsTexts, boolean endsTexts, String endOfSequence, Optional<String> chatTemplate) {

  /** Nothing may be null. */
  public TokenizationSettings {
    requireNonNull(endOfSequence, "endOfSequence");
    requireNonNull(chatTemplate, "chatTemplate");
  }

  static TokenizationSettings of(Tokenizer tokenizer, Optional<ChatTemplate> template) {
    boolean ends = new EosAppender(tokenizer).addedByTokenizer();
    int added = tokenizer.encode("").length - (ends ? 1 : 0);
    return new TokenizationSettings(
        added > 0, ends, tokenizer.endOfSequence(), template.flatMap(ChatTemplate::fingerprint));
  }
}
