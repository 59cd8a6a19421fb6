package io.github.tralign.train;

import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.policy.Policy;
import java.util.Locale;
import java.util.function.Consumer;

/** Refuses examples that a loss or a model does not take. */
record ExampleCheck(Policy policy, AlignmentLoss loss) implements Consumer<Example> {

  @Override
  public void accept(Example example) {
    loss.check(example);
    example.requireKnown(policy.vocabularySize());
    if (example.longestSequence() > policy.maxLength()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s has %d tokens, but the model takes at most %d; cut the data by a maxLength"
                  + " of no more",
              example.origin(),
              example.longestSequence(),
              policy.maxLength()));
    }
  }
}
