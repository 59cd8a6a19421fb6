package io.github.tralign.report;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Runs' folders as a training leaves them, with figures that are easy to tell. */
final class WrittenRun {

  private WrittenRun() {}

  /** A folder with a configuration and a line for each step. */
  static Path write(Path folder, String config, long steps, LongFunction<String> values)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.yaml"), config);
    List<String> lines =
        LongStream.rangeClosed(1, steps)
            .mapToObj(step -> "{\"step\":" + step + "," + values.apply(step) + "}")
            .toList();
    Files.write(folder.resolve("metrics.jsonl"), lines);
    return folder;
  }

  /** What a run with a hard update every 8 steps measures; the probe every 5 steps. */
  static String hard(long step) {
    String values =
        String.format(
            Locale.ROOT,
            "\"loss\":%s,\"grad_norm\":2.5,\"learning_rate\":0.001,\"logps/chosen\":%d,"
                + "\"rewards/margins\":0.25,\"rewards/accuracies\":0.75,\"reference/weight\":%d",
            0.5 + step / 1024.0,
            -step,
            step % 8 == 0 ? 1 : 0);
    return step % 5 > 0 ? values : values + ",\"initial/rewards/margins\":" + step / 64.0;
  }

  /**
   * What a run measures with an evaluation every 2 steps and samples every 4: the divergence is
   * 1.5, 3.0 and 2.5 at the steps 4, 8 and 12.
   */
  static String sampled(long step) {
    StringBuilder values = new StringBuilder(hard(step));
    if (step % 2 == 0) {
      values.append(
          String.format(
              Locale.ROOT,
              ",\"eval_rewards/margins\":%s,\"eval_rewards/accuracies\":0.5",
              step / 16.0));
    }
    if (step % 4 == 0) {
      double kl = step == 12 ? 2.5 : step * 0.375;
      values.append(",\"kl/initial\":").append(kl).append(",\"kl/initial_error\":0.125");
    }
    return values.toString();
  }

  /** Pairs whose chosen completion has {@code chosen} tokens, the rejected one 4. */
  static PreferenceData pairs(int chosen) {
    return PreferenceData.of(
        Example.pair(new int[] {1, 2, 3}, new int[chosen], new int[4]),
        Example.pair(new int[] {1}, new int[chosen], new int[4]));
  }
}
