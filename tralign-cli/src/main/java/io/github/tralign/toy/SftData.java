package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import java.util.Locale;

/** The data of supervised fine-tuning before alignment. */
public enum SftData {
  /** Both the chosen and the rejected sequence, so that both are likely at the start. */
  PAIR,
  /**
   * Only the chosen sequence, as Rafailov et al. (arXiv 2305.18290, section 4) make a reference if
   * none is given.
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

  /** Its name in the option {@code --sft}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
