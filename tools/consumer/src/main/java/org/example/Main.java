package org.example;

import io.github.tralign.TR;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.PairTerm;
import io.github.tralign.loss.PairwiseLoss;
import io.github.tralign.loss.ScoredPair;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What users write, on a tiny model: a loss, a rule and a listener of their own, KTO, a resumed run. */
final class Main {

  record Hinge(double beta) implements PairwiseLoss {

    @Override
    public PairTerm at(ScoredPair pair) {
      double miss = 1 - beta * pair.h();
      return miss > 0 ? PairTerm.ofMargin(miss, -beta) : PairTerm.ofMargin(0, 0);
    }

    @Override
    public double rewardScale() {
      return beta;
    }

    @Override
    public String name() {
      return "hinge";
    }
  }

  record EverySecond() implements ReferencePolicy {

    @Override
    public double weightAfter(StepMetrics metrics) {
      return metrics.step() % 2 == 0 ? 1 : 0;
    }
  }

  record Steps(List<Long> seen) implements TrainingListener {

    @Override
    public void onStep(StepMetrics metrics) {
      seen.add(metrics.step());
    }
  }

  private Main() {}

  /** Takes a new folder. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Path model = TinyModel.write(folder);
    Path rows = folder.resolve("pairs.jsonl");
    StringBuilder text = new StringBuilder();
    String row = "{\"prompt\": \"%d is \", \"chosen\": \"a number\", \"rejected\": \"none\"}\n";
    for (int i = 0; i < 64; i++) {
      text.append(String.format(Locale.ROOT, row, i));
    }
    Files.writeString(rows, text);
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(model)) {
      PreferenceData pairs = PreferenceData.read(tokenizer).file(rows);
      ownLossRuleAndListener(model, pairs);
      resumed(model, pairs, folder.resolve("checkpoints"));
      kto(model, tokenizer);
    }
  }

  private static void ownLossRuleAndListener(Path model, PreferenceData pairs) {
    List<Long> seen = new ArrayList<>();
    try (Policy policy = DjlPolicy.load(model)) {
      TrainingResult result =
          settings(policy, pairs, new Hinge(0.1))
              .reference(new EverySecond())
              .listener(new Steps(seen))
              .maxSteps(4)
              .build()
              .train();
      require(result.metrics().get(1).get("reference/weight") == 1, "the rule was not asked");
      require(seen.equals(List.of(1L, 2L, 3L, 4L)), "the listener saw " + seen);
    }
    System.out.println("own loss, rule and listener: 4 steps");
  }

  record Interruption() implements TrainingListener {

    @Override
    public void onStep(StepMetrics metrics) {
      if (metrics.step() == 3) {
        throw new IllegalStateException("interrupted");
      }
    }
  }

  /** An interrupted run ends with the weights of one that was not. */
  private static void resumed(Path model, PreferenceData pairs, Path checkpoints) {
    CheckpointStore store = CheckpointStore.in(checkpoints);
    try (DjlPolicy policy = DjlPolicy.load(model)) {
      Trainer trainer =
          fourSteps(policy, pairs).checkpoints(store).checkpointEvery(2).listener(new Interruption()).build();
      trainer.train();
      throw new AssertionError("was not interrupted");
    } catch (IllegalStateException e) {
      require(e.toString().contains("interrupted"), e.toString());
    }
    Checkpoint newest = store.newest(System.out::println).orElseThrow();
    double[] resumed = weights(model, pairs, newest);
    require(Arrays.equals(resumed, weights(model, pairs, null)), "not the same weights");
    System.out.println("resumed after step " + newest.step() + " of 4: the same weights");
  }

  private static double[] weights(Path model, PreferenceData pairs, Checkpoint from) {
    try (DjlPolicy policy = DjlPolicy.load(model)) {
      TrainerBuilder settings = fourSteps(policy, pairs);
      (from == null ? settings : settings.resume(from)).build().train();
      return policy.values("model.norm.weight");
    }
  }

  private static TrainerBuilder fourSteps(Policy policy, PreferenceData pairs) {
    return settings(policy, pairs, TR.dpo(0.1)).reference(TR.soft(0.6)).maxSteps(4);
  }

  private static void kto(Path model, CheckpointTokenizer tokenizer) {
    List<Example> answers = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      int[] prompt = tokenizer.encode(i + " is ");
      answers.add(Example.labelled(prompt, tokenizer.encode("a number"), true));
      answers.add(Example.labelled(prompt, tokenizer.encode("none"), false));
    }
    try (Policy policy = DjlPolicy.load(model)) {
      TrainingResult result =
          settings(policy, PreferenceData.of(answers), TR.kto(0.1))
              .reference(TR.hard(2))
              .maxSteps(4)
              .build()
              .train();
      require(Double.isFinite(result.last().loss()), "the loss is " + result.last().loss());
    }
    System.out.println("KTO from memory: 4 steps");
  }

  private static TrainerBuilder settings(Policy policy, PreferenceData data, AlignmentLoss loss) {
    return Trainer.builder().policy(policy).data(data).loss(loss).batchSize(8).learningRate(1e-3);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }
}
