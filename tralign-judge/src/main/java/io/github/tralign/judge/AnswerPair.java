package io.github.tralign.judge;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.Message;

/** Two answers to the same instruction. */
public record AnswerPair(String instruction, String first, String second) {

  /** Nothing may be null. */
  public AnswerPair {
    requireNonNull(instruction, "instruction");
    requireNonNull(first, "first");
    requireNonNull(second, "second");
  }

  /** The same in the other order. */
  public AnswerPair swapped() {
    return new AnswerPair(instruction, second, first);
  }

  /** Whether there is nothing to compare. */
  public boolean isIdentical() {
    return first.equals(second);
  }

  /** A prompt with {@code {instruction}}, {@code {output_1}} and {@code {output_2}} filled in. */
  public ImmutableList<Message> in(JudgePrompt prompt) {
    return prompt.filled(
        ImmutableMap.of("instruction", instruction, "output_1", first, "output_2", second));
  }
}
