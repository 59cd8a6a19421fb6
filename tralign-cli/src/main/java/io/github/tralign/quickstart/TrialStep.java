package io.github.tralign.quickstart;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.RandomCheckpoint;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One training step of the smallest model, which uses every part that a training uses. */
public final class TrialStep {

  private TrialStep() {}

  /**
   * Makes a tokenizer, a model and pairs in a temporary folder, and trains one step.
   *
   * @param device such as {@code cpu} or {@code cuda}
   * @return the loss before the step: log 2, where policy and reference are equal
   * @throws IOException if the temporary folder cannot be written
   */
  public static double loss(String device) throws IOException {
    Path folder = Files.createTempDirectory("tralign-trial-");
    try {
      QuickstartSettings settings =
          QuickstartSettings.builder().trainingPairs(4).heldOutPairs(1).build();
      Path pairs = folder.resolve("pairs.jsonl");
      Path model = folder.resolve("model");
      Pairs.write(pairs, Pairs.draw(settings).training());
      int vocabulary = WordTokenizer.write(folder.resolve("tokenizer"), Grammar.vocabulary());
      RandomCheckpoint.write(
          model,
          new TinyLlama(16, 32, 1, 2).config(vocabulary),
          folder.resolve("tokenizer"),
          settings.seed());
      try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(model);
          DjlPolicy policy = DjlPolicy.from(model).device(device).load()) {
        return Trainer.builder()
            .policy(policy)
            .data(PreferenceData.read(tokenizer).file(pairs))
            .loss(TR.dpo(settings.beta()))
            .reference(TR.soft(settings.alpha()))
            .batchSize(settings.trainingPairs())
            .maxSteps(1)
            .build()
            .train()
            .last()
            .loss();
      }
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
