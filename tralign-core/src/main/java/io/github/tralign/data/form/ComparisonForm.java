package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.text.Numbers;
import java.util.Locale;

/**
 * Two summaries of a post, one of which was chosen, as in OpenAI's TL;DR comparisons. The prompt is
 * built as in that data: subreddit, title and post, then {@code TL;DR:}.
 */
final class ComparisonForm extends ColumnMapping {

  ComparisonForm() {
    super("comparisons", Column.object("info"), Column.list("summaries"), Column.value("choice"));
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    FieldReader info = row.object("info");
    String prompt =
        String.format(
            Locale.ROOT,
            "SUBREDDIT: r/%s\n\nTITLE: %s\n\nPOST: %s\n\nTL;DR:",
            info.text("subreddit"),
            info.text("title"),
            info.text("post"));
    ImmutableList<FieldReader> summaries = row.objects("summaries");
    if (summaries.size() != 2) {
      throw row.invalid(
          DropReason.FIELD,
          "summaries",
          "holds " + Numbers.count(summaries.size(), "object") + "; expected two");
    }
    int choice = row.truth("choice") ? 1 : 0;
    rows.row(
        Texts.pair(
            row,
            prompt,
            summaries.get(choice).completion("text"),
            summaries.get(1 - choice).completion("text")));
  }
}
