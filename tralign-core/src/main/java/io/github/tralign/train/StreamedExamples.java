package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.loss.AlignmentLoss;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Examples that are read during training. */
record StreamedExamples(PreferenceStream stream) implements ExampleSource {

  @Override
  public boolean isStreamed() {
    return true;
  }

  @Override
  public int maxLength() {
    return stream.maxLength();
  }

  @Override
  public ImmutableList<Example> first(int number) {
    return stream.first(number);
  }

  @Override
  public void check(TrainerSettings settings, Consumer<Example> check) {
    LearningRatePlan plan = settings.optimizer().plan();
    requireLength(plan);
    InvalidSettingException.require(
        plan.epochs().isEmpty(),
        "epochs",
        "epochs(...) cannot go with a stream, whose length is not known: leave it out,"
            + " maxSteps(...) says how long the run is");
    InvalidSettingException.require(
        !settings.reference().countsEpochs(),
        "reference",
        "the reference "
            + settings.reference()
            + " counts epochs and cannot go with a stream, whose length is not known: count steps,"
            + " as in hard(512)");
    InvalidSettingException.require(
        settings.cache().isEmpty(),
        "cache",
        "cache(...) keeps the scores of rows that are all known beforehand and cannot go with a"
            + " stream: leave one of them out");
    InvalidSettingException.require(
        settings.batches().shuffle() || settings.batches().window().isEmpty(),
        "shuffleWindow",
        "shuffleWindow(...) means nothing with shuffle(false): leave one of them out");
  }

  @Override
  public void requireLength(LearningRatePlan plan) {
    if (plan.maxSteps().isEmpty()) {
      throw new IllegalStateException(
          "the trainer needs maxSteps(...) with a stream, whose length is not known");
    }
  }

  @Override
  public Batches batches(BatchSettings settings, Consumer<Example> check) {
    return Batches.streamed(stream, settings.size(), settings.usedWindow(), settings.seed(), check);
  }

  @Override
  public List<String> warnings(AlignmentLoss loss) {
    return List.of();
  }

  @Override
  public Map<String, Double> epochAfter(long step, long stepsPerEpoch) {
    return ImmutableMap.of();
  }

  /** Which examples a stream gave is known by how far it was read. */
  @Override
  public String describe() {
    return "a stream";
  }
}
