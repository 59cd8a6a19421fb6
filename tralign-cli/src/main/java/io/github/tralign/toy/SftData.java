package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import java.util.Locale;

/** What supervised fine-tuning shows the policy before it is aligned. */
public enum SftData {
  /** The chosen and the rejected sequence alike, so that both are likely at the start. */
  PAIR,
  /**
   * The chosen sequence alone, as Rafailov et al. (arXiv 2305.18290, section 4) make a reference
   * where none is given.
   */
  CHOSEN;

  ImmutableList<Example> of(Example pair) {
    return this == PAIR
        ? ImmutableList.of(demonstration(pair, pair.chosen()), demonstration(pair, pair.rejected()))
        : ImmutableList.of(demonstration(pair, pair.chosen()));
  }

  private static Example demonstration(Example pair, ImmutableIntArray completion) {
    return new Example(pair.prompt(), ImmutableList.of(completion), pair.origin());
  }

  /** As {@code --sft} has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
