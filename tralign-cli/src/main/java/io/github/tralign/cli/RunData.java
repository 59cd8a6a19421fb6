package io.github.tralign.cli;

import io.github.tralign.data.DataReport;
import io.github.tralign.data.DataStatistics;
import io.github.tralign.data.Example;
import io.github.tralign.train.TrainerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run is trained on, and how it is shown: {@link ReadRows} or {@link StreamedRows}. */
interface RunData {

  /** Gives it to a trainer. */
  void addTo(TrainerBuilder trainer);

  /** The first examples, which show of what kind all are. */
  List<Example> sample();

  /** What a row is, such as {@code pair}. */
  default String unit() {
    return sample().stream().allMatch(Example::isPair) ? "pair" : "completion";
  }

  /** The report on the rows read so far. */
  DataReport report();

  /** Statistics of the examples read so far. */
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
