package io.github.tralign.quickstart;

import java.util.Locale;

/** The settings of an aligned run in the words of {@code tralign train}. */
final class RunConfig {

  private RunConfig() {}

  /** What {@code tralign train --config} takes to do that run again; {@code --output} is left. */
  static String yaml(Method method, QuickstartSettings settings, QuickstartFolder folder) {
    return String.format(
        Locale.ROOT,
        """
        policy: %s
        data: %s
        loss: dpo
        beta: %s
        reference: %s
        learning-rate: %s
        schedule: constant
        max-steps: %d
        batch-size: %d
        seed: %d
        threads: %d
        """,
        quoted(folder.model("sft")),
        quoted(folder.training()),
        settings.beta(),
        method.rule(),
        settings.learningRate(),
        settings.steps(),
        settings.batch(),
        settings.seed(),
        settings.threads());
  }

  /** A YAML text in single quotes, in which a quote is doubled. */
  private static String quoted(Object text) {
    return "'" + text.toString().replace("'", "''") + "'";
  }
}
