package io.github.tralign.examples;

import static io.github.tralign.TR.soft;

import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingResult;
import java.nio.file.Path;

/** Aligns a Hugging Face checkpoint with preference pairs by TR-DPO, and saves it. */
public final class AlignCheckpoint {

  private AlignCheckpoint() {}

  /** Arguments: a checkpoint folder, a file of pairs and the folder to write. */
  public static void main(String[] args) {
    Examples.require(args, "align-checkpoint");
    TrainingResult result = align(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    System.out.println("aligned in " + result.metrics().size() + " steps: " + result.last());
  }

  static TrainingResult align(Path checkpoint, Path pairs, Path output) {
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(checkpoint);
        DjlPolicy policy = DjlPolicy.load(checkpoint)) {
      PreferenceData data =
          PreferenceData.read(tokenizer).maxLength(policy.maxLength()).file(pairs);
      TrainingResult result =
          Trainer.builder()
              .policy(policy)
              .data(data)
              .loss(TR.dpo(0.05))
              .reference(soft(0.6)) // after each step: reference = 0.6 · policy + 0.4 · reference
              .learningRate(1e-5)
              .batchSize(8)
              .build()
              .train();
      policy.save(output);
      return result;
    }
  }
}
