package io.github.tralign.quickstart;

import java.util.Locale;

/** Writes the settings of an alignment run as a config of {@code tralign train}. */
final class RunConfig {

  private RunConfig() {}

  /**
   * The content of a file for {@code tralign train --config} that repeats the run; only {@code
   * --output} must be added.
   */
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

  /** A YAML string in single quotes, with quotes doubled. */
  private static String quoted(Object text) {
    return "'" + text.toString().replace("'", "''") + "'";
  }
}
