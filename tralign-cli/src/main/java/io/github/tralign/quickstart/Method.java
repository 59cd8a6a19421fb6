package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.reference.ReferencePolicy;

/**
 * One way to align.
 *
 * @param folder of the run
 * @param title for the table
 * @param rule how the reference moves; its text is what {@code --reference} takes
 */
record Method(String folder, String title, ReferencePolicy rule) {

  static ImmutableList<Method> all(QuickstartSettings settings) {
    return ImmutableList.of(
        new Method("dpo", "DPO", TR.fixed()),
        new Method("tr-dpo-soft", "TR-DPO soft", TR.soft(settings.alpha())),
        new Method("tr-dpo-hard", "TR-DPO hard", TR.hard(settings.tau())));
  }
}
