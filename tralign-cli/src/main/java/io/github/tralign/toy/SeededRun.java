package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.random.L64X128Mix;
import io.github.tralign.recurrent.RecurrentPolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import java.util.random.RandomGenerator;

/**
 * The runs of one seed: draws initial weights and a preference pair, fine-tunes, and from there
 * runs each method.
 */
final class SeededRun {

  private final ToySettings settings;
  private final long seed;

  SeededRun(ToySettings settings, long seed) {
    this.settings = settings;
    this.seed = seed;
  }

  /** The measures of each method's run. */
  ImmutableList<RunMeasures> courses() {
    RandomGenerator random = new L64X128Mix(seed);
    Example pair = settings.tree().pair(random, settings.sharedPrefix());
    RecurrentPolicy start =
        fineTuned(RecurrentPolicy.random(settings.actions(), settings.hidden(), random), pair);
    return settings.loss().methods(settings.alpha(), settings.tau()).stream()
        .map(method -> aligned(start.copy(), pair, method))
        .collect(ImmutableList.toImmutableList());
  }

  private RecurrentPolicy fineTuned(RecurrentPolicy policy, Example pair) {
    trainer(policy)
        .data(settings.sft().of(pair))
        .loss(TR.sft())
        .learningRate(settings.sftLearningRate())
        .maxSteps(settings.sftSteps())
        .build()
        .train();
    return policy;
  }

  private RunMeasures aligned(RecurrentPolicy policy, Example pair, ToyMethod method) {
    AlignmentLoss loss = settings.loss().withBeta(settings.beta());
    RunMeasures course = new RunMeasures(settings, loss, policy, pair);
    trainer(policy)
        .data(settings.loss().data(pair))
        .loss(loss)
        .reference(method.rule())
        .learningRate(settings.learningRate())
        .maxSteps(settings.steps())
        .listener(course)
        .build()
        .train();
    return course;
  }

  /** Adam without clipping; each step uses all data. */
  private static TrainerBuilder trainer(RecurrentPolicy policy) {
    return Trainer.builder()
        .policy(policy)
        .maxGradNorm(Double.POSITIVE_INFINITY)
        .shuffle(false)
        .probeEvery(0);
  }
}
