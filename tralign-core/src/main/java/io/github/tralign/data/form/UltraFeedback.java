package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.InvalidRowException;
import io.github.tralign.data.Message;
import io.github.tralign.data.form.Completions.Scored;
import java.util.ArrayList;
import java.util.List;

/**
 * An instruction and its completions, each an object with a response and a judge's scores, as in
 * UltraFeedback. The score is {@code fine-grained_score}, the mean over the aspects: {@code
 * overall_score} is known to be wrong in part of the original data.
 */
final class UltraFeedback implements Form {

  private final Completions completions;

  UltraFeedback(Completions completions) {
    this.completions = completions;
  }

  @Override
  public String name() {
    return "ultrafeedback";
  }

  @Override
  public String columns() {
    return "a text 'instruction', a list 'completions' of objects with a text 'response' and a"
        + " number 'fine-grained_score'";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasText("instruction") && row.hasList("completions");
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    List<Scored<ImmutableList<Message>>> scored = new ArrayList<>();
    for (Fields completion : row.objects("completions")) {
      scored.add(
          new Scored<>(
              Messages.answer(completion.completion("response")),
              completion.number("fine-grained_score")));
    }
    completions.chats(row, Messages.question(row, "instruction"), scored, true, rows);
  }

  @Override
  public boolean hasChoiceOfPairs() {
    return true;
  }
}
