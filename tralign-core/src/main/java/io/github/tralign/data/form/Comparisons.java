package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.DropReason;
import io.github.tralign.data.InvalidRowException;
import java.util.Locale;

/**
 * Two summaries of a post, of which people chose one, as in OpenAI's TL;DR comparisons. The prompt
 * is built as there: subreddit, title and post, each on its own, then {@code TL;DR:}.
 */
final class Comparisons implements Form {

  @Override
  public String name() {
    return "comparisons";
  }

  @Override
  public String columns() {
    return "'info' with texts 'subreddit', 'title', 'post', a list 'summaries' of two objects with"
        + " a text 'text', and 'choice', 0 or 1";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasObject("info") && row.hasList("summaries") && row.has("choice");
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    Fields info = row.object("info");
    String prompt =
        String.format(
            Locale.ROOT,
            "SUBREDDIT: r/%s\n\nTITLE: %s\n\nPOST: %s\n\nTL;DR:",
            info.text("subreddit"),
            info.text("title"),
            info.text("post"));
    ImmutableList<Fields> summaries = row.objects("summaries");
    if (summaries.size() != 2) {
      throw row.invalid(
          DropReason.FIELD, "summaries", "holds " + summaries.size() + " objects; expected two");
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
