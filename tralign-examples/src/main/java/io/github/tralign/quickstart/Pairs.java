package io.github.tralign.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.TextPair;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The preference data of the quickstart.
 *
 * @param training some of them mislabelled
 * @param heldOut with prompts that {@code training} lacks, none mislabelled
 */
record Pairs(ImmutableList<TextPair> training, ImmutableList<TextPair> heldOut) {

  static Pairs draw(QuickstartSettings settings) {
    Draw draw = new Draw(settings.seed());
    List<Grammar.Request> requests = Grammar.requests();
    draw.shuffle(requests);
    int end = settings.trainingPairs() + settings.heldOutPairs();
    ImmutableList.Builder<TextPair> training = ImmutableList.builder();
    for (Grammar.Request request : requests.subList(0, settings.trainingPairs())) {
      training.add(pair(request, draw.chance(settings.mislabelled()), draw));
    }
    ImmutableList.Builder<TextPair> heldOut = ImmutableList.builder();
    for (Grammar.Request request : requests.subList(settings.trainingPairs(), end)) {
      heldOut.add(pair(request, false, draw));
    }
    return new Pairs(training.build(), heldOut.build());
  }

  private static TextPair pair(Grammar.Request request, boolean swapped, Draw draw) {
    String good = Grammar.goodAnswer(request, draw);
    String bad = Grammar.badAnswer(request, draw);
    return TextPair.of(request.prompt(), swapped ? bad : good, swapped ? good : bad);
  }

  /** Writes pairs as rows of {@code prompt}, {@code chosen} and {@code rejected}. */
  static void write(Path file, List<TextPair> pairs) throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (TextPair pair : pairs) {
        lines.write(
            json.createObjectNode()
                .put("prompt", pair.prompt())
                .put("chosen", pair.chosen())
                .put("rejected", pair.rejected())
                .toString());
        lines.write('\n');
      }
    }
  }
}
