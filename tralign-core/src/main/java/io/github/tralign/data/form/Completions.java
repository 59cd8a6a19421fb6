package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.TextRow;
import io.github.tralign.text.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes pairs of K scored completions of a prompt. Completions with equal scores make no pair. */
final class Completions {

  /** More than any known data set has, but few enough to make all pairs. */
  private static final int AT_MOST = 256;

  /** A completion, as a text or as messages. */
  record Scored<T>(T completion, double score) {}

  private record Pair<T>(Scored<T> better, Scored<T> worse) {}

  /** Makes a row from a pair. */
  interface RowOf<T> {
    Row of(ImmutableList<T> completions, Judgement judgement) throws InvalidRowException;
  }

  private final PairChoice choice;
  private final long seed;

  Completions(PairChoice choice, long seed) {
    this.choice = choice;
    this.seed = seed;
  }

  /** The rows of texts. */
  void texts(FieldReader row, List<Scored<String>> completions, boolean margins, RowSink rows)
      throws InvalidRowException {
    String prompt = row.text("prompt");
    pairs(
        row,
        completions,
        margins,
        (pair, judgement) -> new TextRow(prompt, pair, judgement, row.origin()),
        rows);
  }

  /** The rows of conversations. */
  void chats(
      FieldReader row,
      ImmutableList<Message> prompt,
      List<Scored<ImmutableList<Message>>> completions,
      boolean margins,
      RowSink rows)
      throws InvalidRowException {
    pairs(
        row,
        completions,
        margins,
        (pair, judgement) -> Messages.row(row, prompt, pair, judgement),
        rows);
  }

  private <T> void pairs(
      FieldReader row, List<Scored<T>> completions, boolean margins, RowOf<T> rowOf, RowSink rows)
      throws InvalidRowException {
    if (completions.size() < 2 || completions.size() > AT_MOST) {
      throw new InvalidRowException(
          DropReason.FIELD,
          "the row has "
              + Numbers.count(completions.size(), "completion")
              + " to compare; expected 2 to "
              + AT_MOST);
    }
    List<Pair<T>> pairs = new ArrayList<>();
    int ties = 0;
    for (int i = 0; i < completions.size(); i++) {
      for (int j = i + 1; j < completions.size(); j++) {
        Scored<T> a = completions.get(i);
        Scored<T> b = completions.get(j);
        if (a.score() == b.score()) {
          ties++;
        } else {
          pairs.add(a.score() > b.score() ? new Pair<>(a, b) : new Pair<>(b, a));
        }
      }
    }
    Judgement judgement = Judgements.weight(row);
    List<Row> chosen = new ArrayList<>();
    for (Pair<T> pair : choose(row, pairs)) {
      double margin = pair.better().score() - pair.worse().score();
      chosen.add(
          rowOf.of(
              ImmutableList.of(pair.better().completion(), pair.worse().completion()),
              margins ? judgement.margin(margin) : judgement));
    }
    chosen.forEach(rows::row);
    for (int i = 0; i < (choice == PairChoice.ALL ? ties : chosen.isEmpty() ? 1 : 0); i++) {
      rows.tie();
    }
  }

  private <T> List<Pair<T>> choose(FieldReader row, List<Pair<T>> pairs) {
    if (choice == PairChoice.ALL || pairs.isEmpty()) {
      return pairs;
    }
    if (choice == PairChoice.RANDOM) {
      // A function of seed and contents, so that neither position nor file matters.
      long drawn =
          Hashing.sipHash24(seed, 0).hashString(row.json(), StandardCharsets.UTF_8).asLong();
      return List.of(pairs.get((int) Long.remainderUnsigned(drawn, pairs.size())));
    }
    Pair<T> widest = pairs.get(0);
    for (Pair<T> pair : pairs) {
      if (margin(pair) > margin(widest)) {
        widest = pair; // the first if there are several, in the record's order
      }
    }
    return List.of(widest);
  }

  private static double margin(Pair<?> pair) {
    return pair.better().score() - pair.worse().score();
  }
}
