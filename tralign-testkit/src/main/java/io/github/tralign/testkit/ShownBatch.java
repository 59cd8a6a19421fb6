package io.github.tralign.testkit;

import io.github.tralign.data.row.Judgement;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.loss.ScoredCompletion;
import io.github.tralign.loss.ScoredExample;
import java.util.Locale;

/** A batch in a message: a line for each example, with few digits. */
record ShownBatch(ScoredBatch batch) {

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < batch.size(); i++) {
      text.append(String.format(Locale.ROOT, "%n  row %d%s:", i, judgement(batch.get(i))));
      for (ScoredCompletion completion : batch.get(i).completions()) {
        text.append(' ').append(shown(completion)).append(';');
      }
      text.setLength(text.length() - 1);
    }
    return text.toString();
  }

  private static String judgement(ScoredExample example) {
    Judgement it = example.judgement();
    StringBuilder text = new StringBuilder();
    if (it.label() != Judgement.Label.NONE) {
      text.append(", ").append(it.label().name().toLowerCase(Locale.ROOT));
    }
    if (it.weight() != 1) {
      text.append(", weight ").append(number(it.weight()));
    }
    it.margin().ifPresent(margin -> text.append(", margin ").append(number(margin)));
    it.winProbability().ifPresent(share -> text.append(", win probability ").append(number(share)));
    return text.toString();
  }

  /** Values that the loss does not use are NaN and omitted. */
  private static String shown(ScoredCompletion completion) {
    String text = "log π " + number(completion.logp());
    text += part(", ref ", completion.referenceLogp());
    text += part(", divergence ", completion.divergence());
    text += part(", collision ", completion.collision());
    return text + ", " + completion.tokens() + (completion.tokens() == 1 ? " token" : " tokens");
  }

  private static String part(String name, double value) {
    return Double.isNaN(value) ? "" : name + number(value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
