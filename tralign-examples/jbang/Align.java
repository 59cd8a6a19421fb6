///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS io.github.tralign:tralign-djl:0.9.0-SNAPSHOT
//DEPS ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0
//DEPS ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64
//DEPS org.slf4j:slf4j-nop:2.0.17
//JAVA_OPTIONS -XX:+UseSerialGC -Dai.djl.offline=true

import static io.github.tralign.TR.dpo;
import static io.github.tralign.TR.soft;

import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingResult;
import java.nio.file.Path;
import java.util.Locale;

/** jbang Align.java MODEL PAIRS OUTPUT: aligns a Hugging Face checkpoint by TR-DPO. */
class Align {

  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("usage: jbang Align.java MODEL PAIRS OUTPUT");
      System.exit(2);
    }
    Path model = Path.of(args[0]);
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(model);
        DjlPolicy policy = DjlPolicy.load(model)) {
      TrainingResult result =
          Trainer.builder()
              .policy(policy)
              .data(PreferenceData.read(tokenizer).maxLength(512).file(Path.of(args[1])))
              .loss(dpo(0.1))
              .reference(soft(0.6)) // after each step: reference = 0.6 · policy + 0.4 · reference
              .learningRate(1e-5)
              .batchSize(8)
              .build()
              .train();
      policy.save(Path.of(args[2]));
      System.out.printf(
          Locale.ROOT,
          "loss %.4f -> %.4f in %d steps%n",
          result.metrics().get(0).loss(),
          result.last().loss(),
          result.metrics().size());
    }
  }
}
