package io.github.tralign.cli;

import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.TrainerBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether rows are read while they are trained on. */
final class StreamOptions {

  private static final String STREAM = "--stream";
  private static final String WINDOW = "--shuffle-window";
  private static final int DEFAULT_WINDOW = 10_000;

  @Option(
      names = STREAM,
      description = {
        "Reads and tokenizes rows while training, instead of all of them before the first step, so"
            + " that a bounded number is in memory. Needs --max-steps."
      })
  private boolean stream;

  @Option(
      names = WINDOW,
      paramLabel = "N",
      description = {
        "With --stream: rows out of which the next one is drawn. The first step waits for so many;"
            + " 0 keeps their order. Default: 10000."
      })
  private @Nullable Integer window;

  boolean isGiven() {
    return stream;
  }

  /** Refuses what does not go together; the rest goes into {@code trainer}. */
  void applyTo(
      TrainerBuilder trainer,
      OptimizerOptions optimizer,
      DataOptions data,
      ReferencePolicy reference) {
    if (!stream) {
      if (window != null) {
        throw new Refusal(WINDOW, "means nothing without " + STREAM);
      }
      return;
    }
    refuse(
        optimizer.countsEpochs(),
        "cannot go with --epochs, since the number of rows is not known; give --max-steps");
    refuse(!optimizer.countsSteps(), "needs --max-steps, since the number of rows is not known");
    refuse(
        reference.countsEpochs(),
        String.format(
            Locale.ROOT,
            "cannot go with --reference %s, since the number of rows is not known; count steps, as"
                + " in hard:512",
            reference));
    refuse(
        data.isCached(), "cannot go with --cache, which keeps whole files; leave one of them out");
    if (optimizer.shuffles()) {
      int used = window == null ? DEFAULT_WINDOW : window;
      window = used; // for the record of the run
      trainer.shuffleWindow(used);
    } else if (window != null) {
      throw new Refusal(WINDOW, "means nothing with --shuffle false; leave one of them out");
    }
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new Refusal(STREAM, message);
    }
  }
}
