package io.github.tralign.cli;

import io.github.tralign.djl.Rounding;
import io.github.tralign.djl.SaveDtype;
import io.github.tralign.text.Numbers;
import java.util.Locale;
import java.util.Optional;

/** What is shown of {@link Rounding}. */
final class RoundingLine {

  private RoundingLine() {}

  /**
   * The line, such as "bf16: 93 % of the changed weights round back to their old values"; empty if
   * nothing that changed was rounded.
   *
   * @param dtype the type that was asked for
   */
  static Optional<String> of(Rounding rounding, SaveDtype dtype) {
    return rounding.changed() == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s%s: %s %% of the changed weights round back to their old values; %s fp32 keeps"
                    + " them",
                rounding.types(),
                dtype == SaveDtype.SOURCE ? ", the type of the model that was read" : "",
                Numbers.significant(100 * rounding.share(), 3),
                RunOptions.SAVE_DTYPE));
  }
}
