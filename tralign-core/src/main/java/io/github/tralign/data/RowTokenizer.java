package io.github.tralign.data;

import io.github.tralign.InvalidInputException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Turns rows into examples: reads them and writes their texts on the caller's thread, while those
 * read before are tokenized on another one. Faults and counts come in the order of the rows, on the
 * caller's thread.
 */
final class RowTokenizer {

  private final RowTexts.Writer writer;
  private final TextTokenizer tokenizer;
  private final Tally tally;
  private final Consumer<RowFault> faults;

  RowTokenizer(
      Tokenizer tokenizer,
      Optional<ChatTemplate> template,
      LengthLimits limits,
      Tally tally,
      Consumer<RowFault> faults) {
    Endings endings = new Endings(tokenizer);
    this.writer = new RowTexts.Writer(endings, template.orElse(RowTokenizer::none));
    this.tokenizer = new TextTokenizer(tokenizer, endings, limits);
    this.tally = tally;
    this.faults = faults;
    if (template.isPresent() && tokenizer.encodeWritten(List.of("")).get(0).length > 0) {
      throw new IllegalArgumentException(
          "the tokenizer adds tokens of its own to what a chat template writes:"
              + " Tokenizer.encodeWritten must add none");
    }
  }

  /**
   * The examples of the rows that leave something to learn, in order; the others are counted.
   *
   * @param limit of examples; no row is read beyond the one that reaches it
   * @param progress is told the number of rows now and then
   */
  List<Example> tokenize(Iterator<? extends Row> rows, int limit, LongConsumer progress) {
    List<Example> examples = new ArrayList<>();
    try (TokenizationPipeline pipeline = new TokenizationPipeline(tokenizer)) {
      do {
        // Every row on its way may become an example.
        while (pipeline.hasRoom() && examples.size() + pipeline.rows() < limit && rows.hasNext()) {
          put(rows.next(), pipeline);
        }
        for (TokenizedRow row : pipeline.take()) {
          if (row instanceof TokenizedRow.Used used) {
            tally.used(used);
            examples.add(used.example());
          } else if (row instanceof TokenizedRow.Dropped dropped) {
            tally.dropped(dropped.reason(), dropped.origin());
          }
        }
        progress.accept(tally.rows());
      } while (pipeline.rows() > 0 || examples.size() < limit && rows.hasNext());
    }
    return examples;
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
