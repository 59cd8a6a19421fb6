package io.github.tralign.data;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.TextRow;
import java.util.List;

/** Text rows for tests. */
final class Rows {

  private Rows() {}

  static TextRow pair(String prompt, String chosen, String rejected, String origin) {
    return new TextRow(prompt, ImmutableList.of(chosen, rejected), Judgement.NONE, origin);
  }

  /** The examples of rows, all of them at once. */
  static List<Example> read(RowTokenizer tokenizer, Row... rows) {
    RowReader reader = RowReader.of(List.of(rows).iterator());
    try (TokenizedRows examples = tokenizer.tokenize(reader, rows.length, count -> {})) {
      return ImmutableList.copyOf(examples);
    }
  }
}
