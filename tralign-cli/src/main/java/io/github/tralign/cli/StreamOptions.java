package io.github.tralign.cli;

import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.TrainerBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether rows are read during training. */
final class StreamOptions {

  private static final String STREAM = "--stream";
  private static final String WINDOW = "--shuffle-window";
  private static final int DEFAULT_WINDOW = 10_000;

  @Option(
      names = STREAM,
      description = {
        "Reads and tokenizes rows during training instead of before the first step, so that the"
            + " memory does not grow with the data. Needs --max-steps."
      })
  private boolean stream;

  @Option(
      names = WINDOW,
      paramLabel = "N",
      description = {
        "With --stream: size of the window that the next row is drawn from; it is filled before"
            + " the first step. 0 keeps the order of the file. Default: 10000."
      })
  private @Nullable Integer window;

  boolean isGiven() {
    return stream;
  }

  /** Rejects options that exclude each other; the rest goes into {@code trainer}. */
  void applyTo(
      TrainerBuilder trainer,
      OptimizerOptions optimizer,
      DataOptions data,
      ReferencePolicy reference) {
    if (!stream) {
      if (window != null) {
        throw new Refusal(WINDOW, "has no effect without " + STREAM);
      }
      return;
    }
    refuse(
        optimizer.countsEpochs(),
        "cannot be used with --epochs, since the number of rows is not known; give --max-steps");
    refuse(!optimizer.countsSteps(), "needs --max-steps, since the number of rows is not known");
    refuse(
        reference.countsEpochs(),
        String.format(
            Locale.ROOT,
            "cannot be used with --reference %s, since the number of rows is not known; count steps, as"
                + " in hard:512",
            reference));
    refuse(
        data.isCached(),
        "cannot be used with --cache, which keeps whole files; leave one of them out");
    if (optimizer.shuffles()) {
      int used = window == null ? DEFAULT_WINDOW : window;
      window = used; // for the record of the run
      trainer.shuffleWindow(used);
    } else if (window != null) {
      throw new Refusal(WINDOW, "has no effect with --shuffle false; leave one of them out");
    }
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new Refusal(STREAM, message);
    }
  }
}
