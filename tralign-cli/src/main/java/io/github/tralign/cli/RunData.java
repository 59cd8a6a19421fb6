package io.github.tralign.cli;

import io.github.tralign.data.DataReport;
import io.github.tralign.data.DataStatistics;
import io.github.tralign.data.Example;
import io.github.tralign.train.TrainerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run is trained on, as people are told of it: {@link ReadRows} or {@link StreamedRows}. */
interface RunData {

  /** Gives it to a trainer. */
  void addTo(TrainerBuilder trainer);

  /** The first examples: they tell what all of them are. */
  List<Example> sample();

  /** What a row is, such as {@code pair}. */
  default String unit() {
    return sample().stream().allMatch(Example::isPair) ? "pair" : "completion";
  }

  /** What became of the rows, as far as they were read. */
  DataReport report();

  /** What the examples look like, as far as they were read. */
  DataStatistics statistics();

  /** What is shown before the training. */
  List<String> before();

  /** What is shown after it; empty for nothing. */
  List<String> after();

  /** What goes below {@code provenance} in {@code config.yaml}. */
  Map<String, Object> provenance();

  /** Equal for the same examples; empty where that is not known. */
  Optional<String> fingerprint();
}
