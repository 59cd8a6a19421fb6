package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Examples that are all in memory. */
record ExamplesInMemory(ImmutableList<Example> examples, int maxLength) implements ExampleSource {

  @Override
  public boolean isStreamed() {
    return false;
  }

  @Override
  public ImmutableList<Example> first(int number) {
    return examples.subList(0, Math.min(number, examples.size()));
  }

  @Override
  public void check(TrainerSettings settings, Consumer<Example> check) {
    InvalidSettingException.require(
        settings.batches().window().isEmpty(),
        "shuffleWindow",
        "shuffleWindow(...) is for a stream of rows; rows in memory are shuffled as a whole:"
            + " leave it out");
    examples.forEach(check);
  }

  @Override
  public Batches batches(BatchSettings settings, Consumer<Example> check) {
    PreferenceData data = PreferenceData.of(examples);
    return settings.shuffle()
        ? Batches.shuffled(data, settings.size(), settings.seed())
        : Batches.inOrder(data, settings.size());
  }

  @Override
  public List<String> warnings(AlignmentLoss loss) {
    return loss.warnings(examples);
  }

  @Override
  public Map<String, Double> epochAfter(long step, long stepsPerEpoch) {
    return ImmutableMap.of("epoch", (double) step / stepsPerEpoch);
  }

  @Override
  public String describe() {
    return describe(examples);
  }

  static String describe(List<Example> examples) {
    return examples.size() + " rows " + PreferenceData.of(examples).fingerprint().substring(0, 16);
  }
}
