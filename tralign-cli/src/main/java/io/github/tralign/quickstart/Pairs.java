package io.github.tralign.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.TextRow;
import io.github.tralign.file.AtomicFile;
import java.nio.file.Path;
import java.util.List;

/**
 * The preference data of the quickstart.
 *
 * @param training training pairs, some of them mislabelled
 * @param heldOut held-out pairs with other prompts, none mislabelled
 */
record Pairs(ImmutableList<TextRow> training, ImmutableList<TextRow> heldOut) {

  static Pairs draw(QuickstartSettings settings) {
    Draw draw = new Draw(settings.seed());
    List<Grammar.Request> requests = Grammar.requests();
    draw.shuffle(requests);
    int end = settings.trainingPairs() + settings.heldOutPairs();
    ImmutableList.Builder<TextRow> training = ImmutableList.builder();
    for (Grammar.Request request : requests.subList(0, settings.trainingPairs())) {
      training.add(pair(request, draw.chance(settings.mislabelled()), draw));
    }
    ImmutableList.Builder<TextRow> heldOut = ImmutableList.builder();
    for (Grammar.Request request : requests.subList(settings.trainingPairs(), end)) {
      heldOut.add(pair(request, false, draw));
    }
    return new Pairs(training.build(), heldOut.build());
  }

  private static TextRow pair(Grammar.Request request, boolean swapped, Draw draw) {
    String good = Grammar.goodAnswer(request, draw);
    String bad = Grammar.badAnswer(request, draw);
    return TextRow.pair(request.prompt(), swapped ? bad : good, swapped ? good : bad);
  }

  /** Writes pairs as rows of {@code prompt}, {@code chosen} and {@code rejected}. */
  static void write(Path file, List<TextRow> pairs) {
    ObjectMapper json = new ObjectMapper();
    StringBuilder lines = new StringBuilder();
    for (TextRow pair : pairs) {
      lines
          .append(
              json.createObjectNode()
                  .put("prompt", pair.prompt())
                  .put("chosen", pair.completions().get(0))
                  .put("rejected", pair.completions().get(1)))
          .append('\n');
    }
    AtomicFile.writeString(file, lines.toString());
  }
}
