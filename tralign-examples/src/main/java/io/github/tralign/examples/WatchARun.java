package io.github.tralign.examples;

import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/** Prints the progress of a run with a listener. */
public final class WatchARun {

  /** Writes a line for each step, and the margin against the initial policy if it was measured. */
  record Watcher(Appendable out) implements TrainingListener {

    @Override
    public void onStart(TrainingPlan plan) {
      say("%s, reference %s, %d steps", plan.loss(), plan.reference(), plan.totalSteps());
    }

    @Override
    public void onStep(StepMetrics metrics) {
      say("step %d  loss %.4f", metrics.step(), metrics.loss());
      if (metrics.has("initial/rewards/margins")) {
        say("  margin since the start: %+.4f", metrics.get("initial/rewards/margins"));
      }
    }

    private void say(String format, Object... values) {
      try {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private WatchARun() {}

  /** Arguments: a checkpoint folder and a file of pairs. */
  public static void main(String[] args) {
    Examples.require(args, "watch-a-run");
    Path checkpoint = Path.of(args[0]);
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(checkpoint);
        DjlPolicy policy = DjlPolicy.load(checkpoint)) {
      watch(policy, PreferenceData.read(tokenizer).file(Path.of(args[1])), System.out);
    }
  }

  static void watch(Policy policy, PreferenceData pairs, Appendable out) {
    var trainer = Trainer.builder().policy(policy).data(pairs).learningRate(1e-4);
    trainer.loss(TR.dpo(0.1)).reference(TR.soft(0.6)).probeEvery(10);
    trainer.listener(new Watcher(out)).build().train();
  }
}
