package io.github.tralign.cli;

import io.github.tralign.data.PreferenceReader;
import io.github.tralign.train.EvaluationMetric;
import io.github.tralign.train.TrainerBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is measured on rows that are not trained on. */
final class EvaluationOptions {

  private static final String EVERY = "--eval-every";
  private static final String BEST_METRIC = "--best-metric";
  private static final String EARLY_STOP = "--early-stop";

  @Option(
      names = "--eval-data",
      paramLabel = "FILE",
      converter = HubPath.OfData.class,
      description = {
        "Rows to evaluate on, in files as for --data. Loss and rewards use the initial policy as"
            + " the reference, whatever --reference is. May be given several times. Default: none."
      })
  private List<Path> files = new ArrayList<>();

  @Option(
      names = EVERY,
      paramLabel = "N",
      description = {
        "Steps between evaluations; 0 for one after the last step only. The last step is always"
            + " evaluated. Default: ${DEFAULT-VALUE}."
      })
  private long every;

  @Option(
      names = BEST_METRIC,
      paramLabel = "NAME",
      description = {
        "Metric that decides which evaluation is the best, against the initial policy:"
            + " eval_loss, eval_rewards/margins, eval_rewards/accuracies, eval_rewards/chosen,"
            + " eval_logps/chosen or eval_logps/completion. Default: eval_loss."
      })
  private @Nullable EvaluationMetric bestMetric;

  @Option(
      names = EARLY_STOP,
      paramLabel = "N",
      description = {
        "Ends the run after N evaluations in a row that are not better than the best before; 0"
            + " for never. Default: ${DEFAULT-VALUE}."
      })
  private int earlyStop;

  /** Whether there are several measurements, of which one is the best. */
  boolean isRepeated() {
    return every > 0;
  }

  /** Refuses what can be refused before anything is loaded. */
  void check(TrainerBuilder trainer, DataOptions data) {
    trainer.evaluationEvery(every).earlyStop(earlyStop);
    if (every > 0 && files.isEmpty()) {
      throw new Refusal(EVERY, "has no effect without --eval-data");
    }
    if (earlyStop > 0 && !isRepeated()) {
      throw new Refusal(
          EARLY_STOP, "needs --eval-data and " + EVERY + ", for evaluations to compare");
    }
    if (!files.isEmpty()) {
      EvaluationMetric used = bestMetric == null ? EvaluationMetric.LOSS : bestMetric;
      bestMetric = used; // for the record of the run
      trainer.bestMetric(used);
      data.like(files).check();
    } else if (bestMetric != null) {
      throw new Refusal(BEST_METRIC, "has no effect without --eval-data");
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
      LearnedRows rows,
      TrainerBuilder trainer,
      Progress progress) {
    if (files.isEmpty()) {
      return;
    }
    progress.begin("reading the evaluation data", 0);
    reader.limit(Integer.MAX_VALUE).onProgress(read -> progress.at(read, "rows"));
    trainer.evaluation(rows.of(reader.files(data.like(files))).examples());
    progress.end();
  }
}
