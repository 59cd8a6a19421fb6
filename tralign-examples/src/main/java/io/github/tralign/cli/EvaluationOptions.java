package io.github.tralign.cli;

import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.train.TrainerBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** What is measured on rows that are not trained on. */
final class EvaluationOptions {

  private static final String EVERY = "--eval-every";

  @Option(
      names = "--eval-data",
      paramLabel = "FILE",
      description = {
        "Rows to measure the loss and its figures on, as in --data; against the initial policy,"
            + " whatever the reference is. May be given several times. Default: none."
      })
  private List<Path> files = new ArrayList<>();

  @Option(
      names = EVERY,
      paramLabel = "N",
      description = {
        "Steps from one such measurement to the next; 0 for one after the last step only, where"
            + " there always is one. Default: ${DEFAULT-VALUE}."
      })
  private long every;

  /** Refuses what can be refused before anything is loaded. */
  void check(TrainerBuilder trainer, DataOptions data) {
    Refusal.naming(EVERY, () -> trainer.evaluationEvery(every));
    if (every > 0 && files.isEmpty()) {
      throw new Refusal(EVERY, "means nothing without --eval-data");
    }
    if (!files.isEmpty()) {
      data.like(files).check();
    }
  }

  /**
   * Reads the rows, all of them whatever the limit of the training data.
   *
   * @param data how the training data is read
   * @param rows from what is read to what the loss takes
   */
  void read(
      PreferenceReader reader,
      DataOptions data,
      UnaryOperator<PreferenceData> rows,
      TrainerBuilder trainer,
      Progress progress) {
    if (files.isEmpty()) {
      return;
    }
    progress.begin("reading the evaluation data", 0);
    reader.limit(Integer.MAX_VALUE).onProgress(read -> progress.at(read, "rows"));
    trainer.evaluation(rows.apply(reader.files(data.like(files))).examples());
    progress.end();
  }
}
