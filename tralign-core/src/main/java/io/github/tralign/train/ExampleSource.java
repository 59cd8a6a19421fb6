package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What is trained on: all examples in memory, or a stream that is read during training. */
sealed interface ExampleSource permits ExamplesInMemory, StreamedExamples {

  /** Whether examples are read during training, so that their number is unknown. */
  boolean isStreamed();

  /** The maximal length in tokens that a prompt with one completion was cut to. */
  int maxLength();

  /** The first examples, at most so many. */
  ImmutableList<Example> first(int number);

  /**
   * Rejects settings that do not go with this source, and examples that are known already.
   *
   * @param check rejects an example
   */
  void check(TrainerSettings settings, Consumer<Example> check);

  /** Rejects a plan that leaves the length of the run open. */
  default void requireLength(LearningRatePlan plan) {}

  /**
   * The batches of the steps.
   *
   * @param check rejects an example; a stream's are checked when they are read
   */
  Batches batches(BatchSettings settings, Consumer<Example> check);

  /** What the loss warns of on these examples. */
  List<String> warnings(AlignmentLoss loss);

  /** The metric {@code epoch} after a step; none where the length of an epoch is unknown. */
  Map<String, Double> epochAfter(long step, long stepsPerEpoch);

  /** Describes the examples, so that runs can be compared. */
  String describe();
}
