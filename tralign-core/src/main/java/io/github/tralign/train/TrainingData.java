package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.reference.ReferencePolicy;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is trained on: examples in memory, or a stream of them.
 *
 * @param examples empty where they are streamed
 * @param maxLength tokens that a prompt with one completion was cut to
 */
record TrainingData(
    ImmutableList<Example> examples, Optional<PreferenceStream> stream, int maxLength) {

  static final TrainingData NONE = of(List.of(), Integer.MAX_VALUE);

  static TrainingData of(Iterable<Example> examples, int maxLength) {
    return new TrainingData(ImmutableList.copyOf(examples), Optional.empty(), maxLength);
  }

  static TrainingData of(PreferenceStream stream) {
    return new TrainingData(ImmutableList.of(), Optional.of(stream), stream.maxLength());
  }

  boolean isThere() {
    return !examples.isEmpty() || stream.isPresent();
  }

  /** The first examples, at most so many. */
  ImmutableList<Example> first(int number) {
    return stream
        .map(it -> it.first(number))
        .orElseGet(() -> examples.subList(0, Math.min(number, examples.size())));
  }

  /** The batches of the steps; examples that are streamed are checked as they are read. */
  Batches batches(BatchSettings settings, Consumer<Example> check) {
    return stream.map(it -> settings.of(it, check)).orElseGet(() -> settings.of(examples));
  }

  /** Refuses what does not go with a stream, or only with one. */
  void check(TrainerBuilder settings, ReferencePolicy rule) {
    if (stream.isEmpty()) {
      require(
          settings.batches.window().isEmpty(),
          "shuffleWindow(...) is for a stream of rows; rows in memory are shuffled as a whole:"
              + " leave it out");
      return;
    }
    if (settings.course.maxSteps().isEmpty()) {
      throw new IllegalStateException(
          "the trainer needs maxSteps(...) with a stream, whose length is not known");
    }
    require(
        settings.course.epochs().isEmpty(),
        "epochs(...) cannot go with a stream, whose length is not known: leave it out,"
            + " maxSteps(...) says how long the run is");
    require(
        !rule.countsEpochs(),
        "the reference "
            + rule
            + " counts epochs and cannot go with a stream, whose length is not known: count steps,"
            + " as in hard(512)");
    require(
        settings.cache == null,
        "cache(...) keeps the scores of rows that are all known beforehand and cannot go with a"
            + " stream: leave one of them out");
    require(
        settings.batches.shuffle() || settings.batches.window().isEmpty(),
        "shuffleWindow(...) means nothing with shuffle(false): leave one of them out");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** For the comparison of runs; what a stream gives is known by how far it was read. */
  String words() {
    return stream.isPresent() ? "a stream" : words(examples);
  }

  static String words(List<Example> examples) {
    return examples.size() + " rows " + PreferenceData.of(examples).fingerprint().substring(0, 16);
  }
}
