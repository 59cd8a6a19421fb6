package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.reference.ReferencePolicy;

/**
 * A method of alignment.
 *
 * @param folder the name of the run's folder
 * @param title the title in the table
 * @param rule updates the reference; its text is a value of {@code --reference}
 */
record Method(String folder, String title, ReferencePolicy rule) {

  static ImmutableList<Method> all(QuickstartSettings settings) {
    return ImmutableList.of(
        new Method("dpo", "DPO", TR.fixed()),
        new Method("tr-dpo-soft", "TR-DPO soft", TR.soft(settings.alpha())),
        new Method("tr-dpo-hard", "TR-DPO hard", TR.hard(settings.tau())));
  }
}
