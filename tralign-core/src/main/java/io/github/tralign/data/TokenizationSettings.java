package io.github.tralign.data;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What was found out about tokenizer and template, for the record of a run.
 *
 * @param beginsTexts whether the tokenizer puts a token before every text, so that none is added;
 *     to conversations neither adds, since templates write all special tokens themselves
 * @param endsTexts whether the tokenizer puts the end of a sequence behind every text; where it
 *     does not, its text is appended to completions that do not end with it
 * @param endOfSequence the text of the token that ends a sequence
 * @param chatTemplate what tells the chat template from others, if there is a template that can
 *     tell
 */
public record TokenizationSettings(
    boolean beginsTexts, boolean endsTexts, String endOfSequence, Optional<String> chatTemplate) {

  /** Nothing may be null. */
  public TokenizationSettings {
    requireNonNull(endOfSequence, "endOfSequence");
    requireNonNull(chatTemplate, "chatTemplate");
  }

  static TokenizationSettings of(Tokenizer tokenizer, Optional<ChatTemplate> template) {
    boolean ends = new Endings(tokenizer).addedByTokenizer();
    int added = tokenizer.encode("").length - (ends ? 1 : 0);
    return new TokenizationSettings(
        added > 0, ends, tokenizer.endOfSequence(), template.flatMap(ChatTemplate::fingerprint));
  }
}
