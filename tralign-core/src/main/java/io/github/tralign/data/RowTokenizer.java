package io.github.tralign.data;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Turns rows into examples: renders and tokenizes their texts. */
final class RowTokenizer {

  private final RowTexts.Writer writer;
  private final TextTokenizer tokenizer;
  private final Tally tally;
  private final Consumer<RowFault> faults;

  RowTokenizer(
      Tokenizer tokenizer,
      Optional<ChatTemplate> template,
      LengthLimits limits,
      boolean beginWithEndOfSequence,
      Tally tally,
      Consumer<RowFault> faults) {
    EosAppender endings = new EosAppender(tokenizer);
    this.writer = new RowTexts.Writer(endings, template.orElse(RowTokenizer::none));
    this.tokenizer = new TextTokenizer(tokenizer, endings, limits, beginWithEndOfSequence);
    this.tally = tally;
    this.faults = faults;
    if (template.isPresent() && tokenizer.encodeWritten(List.of("")).get(0).length > 0) {
      throw new IllegalArgumentException(
          "the tokenizer adds tokens of its own to what a chat template writes:"
              + " Tokenizer.encodeWritten must add none");
    }
  }

  /**
   * The examples of all rows that leave something to learn; the others are counted as dropped.
   *
   * @param limit maximum number of examples; no row is read after it is reached
   * @param progress receives the number of rows from time to time
   */
  TokenizedRows tokenize(RowReader rows, int limit, LongConsumer progress) {
    return new TokenizedRows(
        rows, new TokenizationPipeline(tokenizer), this::put, tally, faults, limit, progress);
  }

  private void put(Row row, TokenizationPipeline pipeline) {
    try {
      pipeline.put(writer.of(row));
    } catch (InvalidRowException e) {
      faults.accept(e.at(row.origin()));
    }
  }

  private static String none(
      List<Message> messages, boolean addGenerationPrompt, Map<String, Object> settings) {
    throw new InvalidInputException(
        "the data holds conversations, which a chat template turns into text, but the model's folder"
            + " has none: expected chat_template.jinja, 'chat_template' in tokenizer_config.json, or a"
            + " template given by --chat-template FILE");
  }
}
